namespace ExecuSharp.Formats.TorchScript;

/// <summary>Kinds of words in the source.</summary>
internal enum ScriptTokenKind : byte
{
    /// <summary>A name or keyword.</summary>
    Name,
    /// <summary>A number.</summary>
    Number,
    /// <summary>A string.</summary>
    Text,
    /// <summary>Punctuation.</summary>
    Symbol,
    /// <summary>The end of a line outside brackets.</summary>
    Newline,
    /// <summary>The begin of a block.</summary>
    Indent,
    /// <summary>The end of a block.</summary>
    Dedent,
    /// <summary>The end of the file.</summary>
    End,
}
