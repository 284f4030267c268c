using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;

namespace ExecuSharp.Formats.TorchArchive;

/// <summary>A first pass over a legacy file, to learn the element size of each storage: the storages come after all pickles.</summary>
internal sealed class LegacyScanner(TorchResolver checks) : PickleResolver
{
    private readonly Dictionary<string, int> elementSizes = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, int> ElementSizes => elementSizes;

    public override void CheckGlobal(PickleGlobal global, string place) => checks.CheckGlobal(global, place);

    public override PickleValue Reduce(PickleGlobal callable, PickleTuple arguments, string place) => new PickleObject(callable, arguments);

    public override PickleValue NewObject(PickleGlobal type, PickleTuple arguments, PickleDict? keywords, string place) =>
        new PickleObject(type, arguments, keywords);

    public override PickleValue PersistentLoad(PickleValue id, string place)
    {
        switch (id.AsSequence)
        {
            case [PickleString { Value: "module" }, PickleGlobal module, ..]:
                return module;
            case [PickleString { Value: "storage" }, PickleGlobal type, var key, ..] when TorchTypes.TryStorage(type, out var element):
                string name = key.AsString ?? key.AsInt?.ToString() ?? "";
                int size = element?.SizeOf() ?? 1;
                if (!elementSizes.TryAdd(name, size) && elementSizes[name] != size)
                    throw new ModelFormatException(place, $"storage '{name}' with elements of {elementSizes[name]} bytes", $"{size} bytes");
                return new PicklePersistentId(new PickleTuple([]));
            default:
                throw new ModelFormatException(place, "a persistent id ('storage', type, key, location, count)", id.ToString());
        }
    }
}
