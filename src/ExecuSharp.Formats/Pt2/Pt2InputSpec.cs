namespace ExecuSharp.Formats.Pt2;

/// <summary>What an input of the top graph is (the union InputSpec of torch/_export/serde/schema.py).</summary>
public abstract record Pt2InputSpec
{
    private Pt2InputSpec()
    {
    }

    /// <summary>Given by the caller.</summary>
    public sealed record UserInput(Pt2Argument Argument) : Pt2InputSpec;

    /// <summary>A parameter of the module.</summary>
    /// <param name="ArgumentName">The graph's input.</param>
    /// <param name="TargetName">The name in the state dict.</param>
    public sealed record Parameter(string ArgumentName, string TargetName) : Pt2InputSpec;

    /// <summary>A buffer of the module.</summary>
    /// <param name="ArgumentName">The graph's input.</param>
    /// <param name="TargetName">The name in the state dict or among the constants.</param>
    /// <param name="Persistent">False if it is no part of the state dict; its value is then among the constants.</param>
    public sealed record Buffer(string ArgumentName, string TargetName, bool Persistent) : Pt2InputSpec;

    /// <summary>A constant tensor.</summary>
    /// <param name="ArgumentName">The graph's input.</param>
    /// <param name="TargetName">The name among the constants.</param>
    public sealed record TensorConstant(string ArgumentName, string TargetName) : Pt2InputSpec;

    /// <summary>An object of a registered class.</summary>
    /// <param name="ArgumentName">The graph's input.</param>
    /// <param name="TargetName">The name among the constants.</param>
    public sealed record CustomObject(string ArgumentName, string TargetName) : Pt2InputSpec;

    /// <summary>An effect token.</summary>
    public sealed record Token(string ArgumentName) : Pt2InputSpec;

    /// <summary>An input that was fixed when the program was traced.</summary>
    public sealed record ConstantInput(string Name, Pt2Argument Value) : Pt2InputSpec;
}
