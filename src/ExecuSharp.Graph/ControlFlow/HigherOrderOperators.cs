using ExecuSharp.Operators.Table;

namespace ExecuSharp.Graphs.ControlFlow;

/// <summary>
/// Operators over sub-graphs, named as in PyTorch. A sub-graph's inputs are the operands in order; it may have constants of its own and uses no
/// value of the graph around it. Its outputs are the results in order.
/// </summary>
public static class HigherOrderOperators
{
    /// <summary>
    /// One of two branches. <c>pred</c> is a Bool tensor of one element, a run-time truth value, or a literal; both graphs take the operands and
    /// give the same number of results.
    /// </summary>
    public static OperatorDefinition Cond { get; } = new("higher_order::cond(Scalar pred, Graph true_graph, Graph false_graph, Tensor[] operands) -> Tensor[]");

    /// <summary>
    /// Repeats <c>body_graph</c>(carried, additional) → carried while <c>cond_graph</c>(carried, additional) gives true. The node's outputs are the
    /// last carried values.
    /// </summary>
    public static OperatorDefinition WhileLoop { get; } = new("higher_order::while_loop(Graph cond_graph, Graph body_graph, Tensor[] carried, Tensor[] additional) -> Tensor[]");

    /// <summary>
    /// <c>body_graph</c>(row of each mapped tensor, additional) for every index of the first dimension; the results are stacked along a new first dimension.
    /// </summary>
    public static OperatorDefinition Map { get; } = new("higher_order::map_impl(Graph body_graph, Tensor[] mapped, Tensor[] additional) -> Tensor[]");

    /// <summary>
    /// <c>combine_graph</c>(carried, row of each scanned tensor, additional) → (carried, row of each output) for every index of the first dimension. The
    /// node's outputs are the last carried values, then the rows stacked along a new first dimension.
    /// </summary>
    public static OperatorDefinition Scan { get; } = new("higher_order::scan(Graph combine_graph, Tensor[] init, Tensor[] scanned, Tensor[] additional) -> Tensor[]");
}
