using System.Globalization;
using ExecuSharp.Formats.Pte;

namespace ExecuSharp.Compiler.Emission;

/// <summary>The value slots of a method; equal literals share a slot.</summary>
internal sealed class SlotTable
{
    private readonly List<PteValue> slots = [];
    private readonly Dictionary<string, int> literals = new(StringComparer.Ordinal);

    public IReadOnlyList<PteValue> Slots => slots;

    public int Add(PteValue value)
    {
        slots.Add(value);
        return slots.Count - 1;
    }

    public void Replace(int slot, PteValue value) => slots[slot] = value;

    public int Null() => Literal("null", () => new PteValue.Null());

    public int Int(long value) => Literal("i" + value.ToString(CultureInfo.InvariantCulture), () => new PteValue.Int(value));

    public int Double(double value) => Literal("d" + BitConverter.DoubleToInt64Bits(value).ToString(CultureInfo.InvariantCulture), () => new PteValue.Double(value));

    public int Bool(bool value) => Literal(value ? "true" : "false", () => new PteValue.Bool(value));

    public int Text(string value) => Literal("s" + value, () => new PteValue.String(value));

    public int IntList(IReadOnlyList<int> items) => Literal("I" + string.Join(",", items), () => new PteValue.IntList([.. items.Select(i => (long)i)]));

    public int DoubleList(double[] items) => Literal("D" + string.Join(",", items.Select(BitConverter.DoubleToInt64Bits)), () => new PteValue.DoubleList(items));

    public int BoolList(bool[] items) => Literal("B" + string.Join(",", items), () => new PteValue.BoolList(items));

    public int TensorList(IReadOnlyList<int> items) => Literal("T" + string.Join(",", items), () => new PteValue.TensorList(items));

    public int OptionalTensorList(IReadOnlyList<int> items) => Literal("O" + string.Join(",", items), () => new PteValue.OptionalTensorList(items));

    private int Literal(string key, Func<PteValue> make)
    {
        if (!literals.TryGetValue(key, out int slot))
            literals.Add(key, slot = Add(make()));
        return slot;
    }
}
