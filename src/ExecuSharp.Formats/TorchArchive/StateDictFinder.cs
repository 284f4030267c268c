using ExecuSharp.Core;
using ExecuSharp.Formats.Pickle;
using ExecuSharp.Formats.Storage;

namespace ExecuSharp.Formats.TorchArchive;

/// <summary>Finds the weights in a checkpoint of any of the usual layouts.</summary>
internal sealed class StateDictFinder
{
    private const int MaxTensors = 1_000_000;

    private static readonly string[] UsualKeys = ["state_dict", "model_state_dict", "model", "weights", "model_state", "net", "network", "module", "params"];

    private static readonly string[] Prefixes = ["module.", "_orig_mod."];

    private readonly Dictionary<PickleValue, bool> withTensors = new(ReferenceEqualityComparer.Instance);
    private List<KeyValuePair<string, StoredTensor>> tensors = [];
    private List<KeyValuePair<string, PickleValue>> others = [];

    public static StateDict Find(PickleValue root) => new StateDictFinder().Run(root);

    private StateDict Run(PickleValue root)
    {
        var (holder, path) = Descend(root);
        Flatten("", holder);
        if (tensors.Count == 0 && root is not PickleDict { Items.Count: 0 })
            throw new ModelFormatException("the checkpoint", "tensors", Describe(root));
        string removed = "";
        while (tensors.Count > 0 && Prefixes.FirstOrDefault(p => tensors.All(t => t.Key.StartsWith(p, StringComparison.Ordinal) && t.Key.Length > p.Length)) is { } prefix)
        {
            tensors = [.. tensors.Select(t => KeyValuePair.Create(t.Key[prefix.Length..], t.Value))];
            others = [.. others.Select(o => o.Key.StartsWith(prefix, StringComparison.Ordinal) ? KeyValuePair.Create(o.Key[prefix.Length..], o.Value) : o)];
            removed += prefix;
        }
        return new StateDict(tensors, others, path, removed);
    }

    private (PickleValue Holder, string Path) Descend(PickleValue root)
    {
        string path = "";
        // one level for each key, and nesting is bounded by the unpickler
        while (root is PickleDict dictionary)
        {
            string? key = UsualKeys.FirstOrDefault(k => dictionary.Get(k) is PickleDict or PickleObject or PickleList && HasTensors(dictionary.Get(k)!));
            if (key is null && !dictionary.Items.Any(i => i.Value is PickleTensor))
                key = Largest(dictionary);
            if (key is null)
                break;
            root = dictionary.Get(key)!;
            path = path.Length == 0 ? key : $"{path}.{key}";
        }
        return (root, path);
    }

    /// <summary>The entry with most tensors, leaving out optimizers; null where the tensors are spread over several entries of equal right.</summary>
    private string? Largest(PickleDict dictionary)
    {
        var candidates = dictionary.Items
            .Where(i => i.Key is PickleString { Value: var k } && !k.Contains("optim", StringComparison.OrdinalIgnoreCase) && i.Value is PickleDict or PickleObject)
            .Select(i => (Key: i.Key.AsString!, Tensors: i.Value is PickleDict d ? d.Items.Count(v => v.Value is PickleTensor) : HasTensors(i.Value) ? 1 : 0))
            .Where(c => c.Tensors > 0).OrderByDescending(c => c.Tensors).ToList();
        return candidates.Count == 1 || (candidates.Count > 1 && candidates[0].Tensors > candidates[1].Tensors) ? candidates[0].Key : null;
    }

    /// <summary>Depth is bounded by the unpickler; each value is looked at once.</summary>
    private bool HasTensors(PickleValue value)
    {
        if (value is PickleTensor)
            return true;
        if (withTensors.TryGetValue(value, out bool known))
            return known;
        bool found = value.Children.Any(HasTensors);
        withTensors.Add(value, found);
        return found;
    }

    private void Flatten(string name, PickleValue value)
    {
        if (tensors.Count + others.Count > MaxTensors)
            throw new ModelFormatException("the checkpoint", $"at most {MaxTensors} entries", "more (the same values many times)");
        switch (value)
        {
            case PickleTensor tensor:
                tensors.Add(KeyValuePair.Create(name, tensor.Tensor));
                break;
            case PickleDict dictionary when HasTensors(value):
                foreach (var (key, item) in dictionary.Items)
                    Flatten(Join(name, key.AsString ?? key.ToString()), item);
                break;
            case PickleList or PickleTuple when HasTensors(value) && (name.Length == 0 || !name.Contains("_packed_params")):
                for (int i = 0; i < value.AsSequence!.Count; i++)
                    Flatten(Join(name, i.ToString()), value.AsSequence[i]);
                break;
            case PickleObject { Attributes: { } attributes } module when module.Type.FullName != "torch.ScriptObject" && HasTensors(value):
                FlattenModule(name, attributes);
                break;
            default:
                others.Add(KeyValuePair.Create(name, value));
                break;
        }
    }

    /// <summary>As <c>Module.state_dict()</c>: parameters, persistent buffers, then children. A TorchScript object has them all as attributes.</summary>
    private void FlattenModule(string name, PickleDict attributes)
    {
        if (attributes.Get("_parameters") is not PickleDict parameters || attributes.Get("_modules") is not PickleDict modules)
        {
            foreach (var (key, item) in attributes.Items)
                if (item is PickleTensor || (item is PickleObject && HasTensors(item)))
                    Flatten(Join(name, key.AsString ?? key.ToString()), item);
            return;
        }
        var transient = attributes.Get("_non_persistent_buffers_set")?.AsSequence?.Select(v => v.AsString).ToHashSet() ?? [];
        var buffers = attributes.Get("_buffers") as PickleDict;
        var own = parameters.Items.Concat(buffers?.Items.Where(b => !transient.Contains(b.Key.AsString)) ?? []).Where(i => i.Value is PickleTensor);
        foreach (var (key, item) in own.Concat(modules.Items.Where(m => m.Value is not PickleNone)))
            Flatten(Join(name, key.AsString ?? key.ToString()), item);
    }

    private static string Join(string name, string key) => name.Length == 0 ? key : $"{name}.{key}";

    private static string Describe(PickleValue root) => root switch
    {
        PickleDict d => $"a dictionary with the keys {string.Join(", ", d.Items.Take(20).Select(i => i.Key))}",
        _ => root.ToString(),
    };
}
