using ExecuSharp.Core;

namespace ExecuSharp.Imaging.Jpeg;

/// <summary>Walks the marker segments of a file.</summary>
internal ref struct JpegFileReader(ReadOnlySpan<byte> file)
{
    private const int MaxScans = 1000;

    private readonly ReadOnlySpan<byte> file = file;
    private readonly ushort[]?[] quantizers = new ushort[]?[4];
    private readonly HuffmanTable?[] dc = new HuffmanTable?[4];
    private readonly HuffmanTable?[] ac = new HuffmanTable?[4];
    private JpegFrame? frame;
    private int position;
    private int restartInterval;
    private int scans;
    private int orientation = 1;
    private bool jfif;
    private int adobeTransform = -1;

    public Image Read()
    {
        if (file.Length < 2 || file[0] != 0xFF || file[1] != 0xD8)
            throw new ModelFormatException("byte 0", "the JPEG marker FFD8", file.IsEmpty ? "an empty file" : Convert.ToHexString(file[..Math.Min(2, file.Length)]));
        position = 2;
        while (true)
        {
            int at = position, marker = NextMarker();
            if (marker == 0xD9)
                break;
            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
                continue;
            var segment = NextSegment(marker, at);
            Segment(marker, segment, at);
        }
        if (frame is null)
            throw new ModelFormatException($"byte {position}", "a frame header before the end of the image", "none");
        foreach (var c in frame.Components)
        {
            if (c.Table is null)
                throw new ModelFormatException($"byte {position}", $"a scan with component {c.Id}", "the end of the image");
        }
        return JpegOutput.Render(frame, Color(frame), orientation);
    }

    private int NextMarker()
    {
        // Bytes that are no marker are skipped, as libjpeg does.
        while (position + 1 < file.Length && !(file[position] == 0xFF && file[position + 1] is not (0 or 0xFF)))
            position++;
        if (position + 1 >= file.Length)
            throw new ModelFormatException($"byte {file.Length}", "another JPEG marker", "the end of the file");
        position += 2;
        return file[position - 1];
    }

    private ReadOnlySpan<byte> NextSegment(int marker, int at)
    {
        int left = file.Length - position;
        int length = left < 2 ? 2 : (file[position] << 8) | file[position + 1];
        if (length < 2 || length > left)
            throw new ModelFormatException($"marker FF{marker:X2} at byte {at}", $"a segment of 2 to {left} bytes", $"{length}");
        var segment = file.Slice(position + 2, length - 2);
        position += length;
        return segment;
    }

    private void Segment(int marker, ReadOnlySpan<byte> segment, int at)
    {
        switch (marker)
        {
            case 0xC0 or 0xC1 or 0xC2:
                if (frame is not null)
                    throw new ModelFormatException($"byte {at}", "one frame", "a second frame header");
                frame = JpegFrame.Parse(segment, at, marker == 0xC2, file.Length);
                break;
            case 0xC3 or (>= 0xC5 and <= 0xC7) or (>= 0xC9 and <= 0xCB) or (>= 0xCD and <= 0xCF):
                throw new ModelFormatException($"byte {at}", "baseline, extended or progressive Huffman coding (SOF0, SOF1, SOF2)", $"SOF{marker - 0xC0}");
            case 0xC4: HuffmanTables(segment, at); break;
            case 0xDA: Scan(segment, at); break;
            case 0xDB: QuantizationTables(segment, at); break;
            case 0xDD:
                if (segment.Length != 2)
                    throw new ModelFormatException($"restart interval at byte {at}", "2 bytes", $"{segment.Length}");
                restartInterval = (segment[0] << 8) | segment[1];
                break;
            case 0xE0: jfif |= segment.StartsWith("JFIF\0"u8); break;
            case 0xE1 when segment.StartsWith("Exif\0\0"u8): orientation = ExifOrientation.Read(segment[6..]); break;
            // "Adobe", version u16, flags 2 x u16, transform u8
            case 0xEE when segment.Length >= 12 && segment.StartsWith("Adobe"u8): adobeTransform = segment[11]; break;
        }
    }

    private readonly void HuffmanTables(ReadOnlySpan<byte> segment, int at)
    {
        string place = $"Huffman tables at byte {at}";
        while (!segment.IsEmpty)
        {
            int count = 0;
            for (int i = 1; i < Math.Min(17, segment.Length); i++)
                count += segment[i];
            if (segment.Length < 17 || count > 256 || segment.Length < 17 + count || (segment[0] & 0xEF) > 3)
                throw new ModelFormatException(place, "class and number 0 to 3, 16 counts and their values", $"{segment.Length} bytes, {count} values, table {segment[0]:X2}");
            var tables = segment[0] < 16 ? dc : ac;
            tables[segment[0] & 3] = new HuffmanTable(segment.Slice(1, 16), segment.Slice(17, count), place);
            segment = segment[(17 + count)..];
        }
    }

    private readonly void QuantizationTables(ReadOnlySpan<byte> segment, int at)
    {
        while (!segment.IsEmpty)
        {
            int wide = segment[0] >> 4, number = segment[0] & 15, length = 64 * (wide + 1);
            if (wide > 1 || number > 3 || segment.Length < 1 + length)
                throw new ModelFormatException($"quantization tables at byte {at}", "precision 0 or 1, number 0 to 3 and 64 values", $"{segment.Length} bytes, table {segment[0]:X2}");
            var table = new ushort[64];
            for (int i = 0; i < 64; i++)
                table[JpegScan.Zigzag[i]] = wide == 0 ? segment[1 + i] : (ushort)((segment[1 + 2 * i] << 8) | segment[2 + 2 * i]);
            quantizers[number] = table;
            segment = segment[(1 + length)..];
        }
    }

    private void Scan(ReadOnlySpan<byte> segment, int at)
    {
        string place = $"scan header at byte {at}";
        if (frame is null)
            throw new ModelFormatException(place, "a frame header before", "none");
        if (++scans > MaxScans)
            throw new ModelFormatException(place, $"at most {MaxScans} scans", "more");
        int count = segment.IsEmpty ? 0 : segment[0];
        if (count is < 1 or > 4 || segment.Length != 4 + 2 * count)
            throw new ModelFormatException(place, "1 to 4 components, 2 bytes each, and 3 bytes", $"{count} components in {segment.Length} bytes");
        var components = new JpegComponent[count];
        for (int i = 0; i < count; i++)
            components[i] = ScanComponent(segment[1 + 2 * i], segment[2 + 2 * i], segment[^3], components.AsSpan(0, i), place);
        position = new JpegScan(frame, components, segment[^3..], restartInterval, file, position).Decode();
    }

    private readonly JpegComponent ScanComponent(int id, int tables, int firstCoefficient, ReadOnlySpan<JpegComponent> before, string place)
    {
        var component = Array.Find(frame!.Components, c => c.Id == id);
        if (component is null || before.Contains(component))
            throw new ModelFormatException(place, "components of the frame, each once", $"component {id}");
        component.Table ??= quantizers[component.Quantizer]
            ?? throw new ModelFormatException(place, $"quantization table {component.Quantizer}", "none");
        component.Dc = (tables >> 4) <= 3 ? dc[tables >> 4] : null;
        component.Ac = (tables & 15) <= 3 ? ac[tables & 15] : null;
        bool needsDc = !frame.Progressive || firstCoefficient == 0, needsAc = !frame.Progressive || firstCoefficient != 0;
        if ((needsDc && component.Dc is null) || (needsAc && component.Ac is null))
            throw new ModelFormatException(place, $"Huffman tables {tables >> 4} (DC) and {tables & 15} (AC)", "a table that is not defined");
        return component;
    }

    private readonly JpegColor Color(JpegFrame frame)
    {
        var c = frame.Components;
        if (c.Length == 1)
            return JpegColor.Gray;
        if (c.Length == 4)
            return adobeTransform is -1 or 0 ? JpegColor.Cmyk : JpegColor.Ycck;
        if (jfif)
            return JpegColor.YCbCr;
        if (adobeTransform >= 0)
            return adobeTransform == 0 ? JpegColor.Rgb : JpegColor.YCbCr;
        return c[0].Id == 'R' && c[1].Id == 'G' && c[2].Id == 'B' ? JpegColor.Rgb : JpegColor.YCbCr;
    }
}
