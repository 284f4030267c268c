using ExecuSharp.Graphs;

namespace ExecuSharp.Compiler.Xnnpack;

/// <summary>How XNNPACK takes an operator.</summary>
/// <param name="Check">Null if it takes this call, else why not.</param>
/// <param name="Lower">Writes the call as XNNPACK nodes.</param>
/// <param name="AnyType">It reads or writes codes, which have other types than values.</param>
/// <param name="IsMove">It only moves data; a delegate of nothing but such calls is not worth its boundary.</param>
internal sealed record XnnRule(Func<Node, XnnCheck, string?> Check, Action<Node, XnnBuilder> Lower, bool IsMove = false, bool AnyType = false);
