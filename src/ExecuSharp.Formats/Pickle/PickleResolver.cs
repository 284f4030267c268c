using ExecuSharp.Core;

namespace ExecuSharp.Formats.Pickle;

/// <summary>
/// Decides which globals a pickle may name and what known constructors become. This one refuses every global outside Python's
/// own containers; derived ones add those of their file format. Nothing is ever called.
/// </summary>
public class PickleResolver
{
    /// <summary>Looks at a global when the pickle names it.</summary>
    /// <exception cref="ModelFormatException">It is outside the closed list.</exception>
    public virtual void CheckGlobal(PickleGlobal global, string place)
    {
        if (!PickleBuiltins.Knows(global))
            throw Forbidden(global, place);
    }

    /// <summary>Makes the value that calling <paramref name="callable"/> stands for.</summary>
    /// <exception cref="ModelFormatException">The callable may not be called, or its arguments are wrong.</exception>
    public virtual PickleValue Reduce(PickleGlobal callable, PickleTuple arguments, string place) =>
        PickleBuiltins.Reduce(callable, arguments, place) ?? throw Forbidden(callable, place);

    /// <summary>Makes the value of a call with something else than a tuple, which Python never writes.</summary>
    /// <exception cref="ModelFormatException">Always, here.</exception>
    public virtual PickleValue ReduceValue(PickleGlobal callable, PickleValue argument, string place) =>
        throw new ModelFormatException(place, $"a tuple of arguments for {callable}", argument.ToString());

    /// <summary>Makes the value of an object of a class that is built from its state (NEWOBJ).</summary>
    /// <exception cref="ModelFormatException">The class may not be used.</exception>
    public virtual PickleValue NewObject(PickleGlobal type, PickleTuple arguments, PickleDict? keywords, string place) =>
        (keywords is null ? PickleBuiltins.Reduce(type, arguments, place) : null) ?? new PickleObject(type, arguments, keywords);

    /// <summary>Gives an object its state; by default it is kept in <see cref="PickleValue.State"/>.</summary>
    /// <exception cref="ModelFormatException">The state is wrong.</exception>
    public virtual PickleValue Build(PickleValue value, PickleValue state, string place)
    {
        if (value is PickleNone or PickleBool or PickleInt or PickleBigInt or PickleFloat or PickleString or PickleGlobal or PickleTuple)
            throw new ModelFormatException(place, "an object for the state", value.ToString());
        value.State = state;
        return value;
    }

    /// <summary>Makes the value of a persistent id; by default the id itself.</summary>
    public virtual PickleValue PersistentLoad(PickleValue id, string place) => new PicklePersistentId(id);

    /// <summary>The error for a global outside the closed list.</summary>
    protected static ModelFormatException Forbidden(PickleGlobal global, string place) =>
        new(place, "a global of the closed list", $"'{global.FullName}', which is refused and not executed");
}
