namespace ExecuSharp.Vision.Text.Repair;

/// <summary>Roles that characters play in UTF-8 text that was shown in a single-byte encoding.</summary>
[Flags]
internal enum CharacterClass
{
    None = 0,
    /// <summary>U+0080 to U+009F.</summary>
    Control = 1,
    /// <summary>Symbols that hardly occur otherwise.</summary>
    Rare = 2,
    Law = 4,
    Currency = 8,
    Opening = 16,
    Closing = 32,
    Numeric = 64,
    /// <summary>Letters that also make faces.</summary>
    Face = 128,
    Upper = 256,
    Lower = 512,
    /// <summary>Capitals of Greek and Cyrillic.</summary>
    PlainUpper = 1024,
    /// <summary>Small letters of Greek and Cyrillic.</summary>
    PlainLower = 2048,
    Box = 4096,
    /// <summary>Punctuation that occurs anywhere.</summary>
    Common = 8192,
}
