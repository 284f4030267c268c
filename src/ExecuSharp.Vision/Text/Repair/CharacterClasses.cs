using System.Collections.Frozen;

namespace ExecuSharp.Vision.Text.Repair;

/// <summary>The classes of the few hundred characters that UTF-8 bytes turn into.</summary>
internal static class CharacterClasses
{
    private static readonly FrozenDictionary<char, CharacterClass> Table = Build();

    public static CharacterClass Of(char c) => c < 0x80 ? CharacterClass.None : Table.GetValueOrDefault(c);

    private static FrozenDictionary<char, CharacterClass> Build()
    {
        var table = new Dictionary<char, CharacterClass>();
        void Add(CharacterClass kind, string characters)
        {
            foreach (char c in characters)
                table[c] = table.GetValueOrDefault(c) | kind;
        }
        void AddRange(CharacterClass kind, char first, char last)
        {
            for (char c = first; c <= last; c++)
                table[c] = table.GetValueOrDefault(c) | kind;
        }
        AddRange(CharacterClass.Control, '\x80', '\x9F');
        Add(CharacterClass.Common, "\u00A0\u00AD·´–—―…’");
        Add(CharacterClass.Rare, "¤¦¨ª¬¯¸ºƒˆˇ˘˛˜†‡‰⌐◊\uFFFD");
        Add(CharacterClass.Law, "§¶");
        Add(CharacterClass.Currency, "¢£¥₧€");
        Add(CharacterClass.Opening, "¡«¿©΄΅‘‚“„•‹\uF8FF");
        Add(CharacterClass.Closing, "®»˝”›™");
        Add(CharacterClass.Numeric, "²³¹±¼½¾×µ÷⁄∂∆∏∑√∞∩∫≈≠≡≤≥№");
        AddRange(CharacterClass.Face, 'Ò', 'Ö');
        AddRange(CharacterClass.Face, 'Ù', 'Ü');
        AddRange(CharacterClass.Face, 'ò', 'ö');
        AddRange(CharacterClass.Face, 'ø', 'ü');
        Add(CharacterClass.Face, "ŐŌŪŲ°");
        AddRange(CharacterClass.Upper, 'À', 'Ñ');
        Add(CharacterClass.Upper, "ØÜÝĂĀĄĆČĎĐĘĚĒĖĞĢİĪĶĹĽŁĻŃŇŅŒŘŚŞŠŢŤŮŰŸŹŻŽҐ");
        AddRange(CharacterClass.Lower, 'à', 'ñ');
        Add(CharacterClass.Lower, "ßăąāćčďđęěēėğģįīķĺľłļœŕśşšťüźżžґﬁﬂ");
        AddRange(CharacterClass.PlainUpper, 'Α', 'Ω');
        AddRange(CharacterClass.PlainUpper, 'Ё', 'Я');
        Add(CharacterClass.PlainUpper, "ÞΆΈΉΊΌΎΏΪΫ");
        AddRange(CharacterClass.PlainLower, 'α', 'ω');
        AddRange(CharacterClass.PlainLower, 'а', 'џ');
        Add(CharacterClass.PlainLower, "άέήίΰ");
        Add(CharacterClass.Box, "│┌┐┘├┤┬┼▀▄█▌▐░▒▓");
        AddRange(CharacterClass.Box, '═', '╬');
        return table.ToFrozenDictionary();
    }
}
