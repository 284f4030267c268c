namespace ExecuSharp.Formats.Pt2;

/// <summary>What an output of the top graph is (the union OutputSpec of torch/_export/serde/schema.py).</summary>
public abstract record Pt2OutputSpec
{
    private Pt2OutputSpec()
    {
    }

    /// <summary>Given to the caller.</summary>
    public sealed record UserOutput(Pt2Argument Argument) : Pt2OutputSpec;

    /// <summary>The loss of a training graph.</summary>
    public sealed record LossOutput(string ArgumentName) : Pt2OutputSpec;

    /// <summary>The new value of a buffer.</summary>
    public sealed record BufferMutation(string ArgumentName, string TargetName) : Pt2OutputSpec;

    /// <summary>The new value of a parameter.</summary>
    public sealed record ParameterMutation(string ArgumentName, string TargetName) : Pt2OutputSpec;

    /// <summary>The new value of a user input.</summary>
    public sealed record UserInputMutation(string ArgumentName, string InputName) : Pt2OutputSpec;

    /// <summary>The gradient of a parameter.</summary>
    public sealed record GradientToParameter(string ArgumentName, string TargetName) : Pt2OutputSpec;

    /// <summary>The gradient of a user input.</summary>
    public sealed record GradientToUserInput(string ArgumentName, string InputName) : Pt2OutputSpec;

    /// <summary>An effect token.</summary>
    public sealed record Token(string ArgumentName) : Pt2OutputSpec;
}
