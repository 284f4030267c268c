using ExecuSharp.Core;
using ExecuSharp.Formats.TorchScript;
using ExecuSharp.Graphs;

namespace ExecuSharp.Import.TorchScript;

/// <summary>
/// TorchScript files (<c>.pt</c> with source code, scripted or traced) and mobile files (<c>.ptl</c> with bytecode) as graphs. The program is executed
/// symbolically: what its inputs do not decide is computed, loops are unrolled, modules are written in line.
/// </summary>
public static class TorchScriptImporter
{
    /// <summary>Imports a method of a file. The graph's constants stay mapped as long as it lives.</summary>
    /// <exception cref="ModelFormatException">The file is broken.</exception>
    /// <exception cref="UnsupportedModelException">Operators that cannot be imported, all of them; or the shape of an input is not known.</exception>
    public static Graph Import(string path, TorchScriptImportOptions? options = null)
    {
        var archive = TorchScriptArchive.Open(path);
        try
        {
            return Import(archive, options);
        }
        catch (ModelFormatException e)
        {
            archive.Dispose();
            throw e.In(path);
        }
        catch (UnsupportedModelException)
        {
            archive.Dispose();
            throw;
        }
    }

    /// <summary>Imports a method of a file in memory, which is not copied.</summary>
    /// <exception cref="ModelFormatException">The bytes are broken.</exception>
    /// <exception cref="UnsupportedModelException">Operators that cannot be imported, all of them; or the shape of an input is not known.</exception>
    public static Graph Import(ReadOnlyMemory<byte> bytes, TorchScriptImportOptions? options = null) => Import(TorchScriptArchive.Open(bytes), options);

    /// <summary>Imports a method of a file that was opened.</summary>
    /// <exception cref="ModelFormatException">The file is inconsistent.</exception>
    /// <exception cref="UnsupportedModelException">Operators that cannot be imported, all of them; or the shape of an input is not known.</exception>
    public static Graph Import(TorchScriptArchive archive, TorchScriptImportOptions? options = null)
    {
        options ??= new TorchScriptImportOptions();
        var found = new Dictionary<int, TensorSpec>();
        var mutable = new HashSet<string>(StringComparer.Ordinal);
        var started = new Dictionary<string, TensorSpec>(StringComparer.Ordinal);
        Graph? firstCall = null;
        while (true)
        {
            try
            {
                var run = new ImportRun(archive, options, found, mutable, started, showStates: false);
                var graph = run.Import();
                if (run.NewlyStarted.Count > 0)
                {
                    if (firstCall is not null)
                        throw new UnsupportedModelException(options.MethodName, [.. run.NewlyStarted.Keys.Select(n => new UnsupportedItem($"the state {n}", options.MethodName, "it begins empty, and what follows depends on it"))]);
                    firstCall = Rewriter.RemoveDeadCode(graph);
                    foreach (var (name, spec) in run.NewlyStarted)
                        started.Add(name, spec);
                    continue;
                }
                if (run.NewlyMutable.Any(mutable.Add))
                {
                    mutable.UnionWith(run.NewlyMutable);
                    continue;
                }
                if (firstCall is not null)
                    FirstCall.Check(firstCall, Rewriter.RemoveDeadCode(new ImportRun(archive, options, found, mutable, started, showStates: true).Import()), started.Keys);
                return Rewriter.RemoveDeadCode(graph);
            }
            catch (InputShapeNeededException e) when (e.Found is not null && !found.ContainsKey(e.Index))
            {
                found.Add(e.Index, e.Found);
            }
            catch (InputShapeNeededException e)
            {
                throw new UnsupportedModelException(options.MethodName,
                    [new UnsupportedItem($"the unknown shape of input {e.Name}", options.MethodName, $"it is not in the file, {e.Message}; give it with --input-shape")]);
            }
        }
    }
}
