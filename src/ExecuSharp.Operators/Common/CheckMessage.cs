using System.Runtime.CompilerServices;

namespace ExecuSharp.Operators.Common;

/// <summary>The text of a failed check: nothing is formatted, and nothing allocated, while the check holds.</summary>
[InterpolatedStringHandler]
internal ref struct CheckMessage
{
    private DefaultInterpolatedStringHandler text;

    /// <summary>Called by the compiler.</summary>
    public CheckMessage(int literalLength, int formattedCount, bool condition, out bool formats)
    {
        formats = !condition;
        text = condition ? default : new DefaultInterpolatedStringHandler(literalLength, formattedCount);
    }

    /// <summary>Called by the compiler.</summary>
    public void AppendLiteral(string value) => text.AppendLiteral(value);

    /// <summary>Called by the compiler.</summary>
    public void AppendFormatted<T>(T value) => text.AppendFormatted(value);

    /// <summary>The text.</summary>
    public string Take() => text.ToStringAndClear();
}
