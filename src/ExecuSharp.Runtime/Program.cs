using System.Diagnostics;
using ExecuSharp.Core;
using ExecuSharp.Formats.Io;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Kernels;
using ExecuSharp.Kernels.Threading;
using ExecuSharp.Runtime.Execution;

namespace ExecuSharp.Runtime;

/// <summary>
/// An ExecuTorch program. Immutable after loading and safe for concurrent use: any number of threads may load methods from it and dispose it. A
/// <see cref="Method"/> belongs to one thread at a time. Methods share the program's threads; when several execute at once, one has them and the
/// others run on their callers' threads alone, with the same results.
/// </summary>
/// <remarks>
/// Disposing ends what methods can do: executions under way finish, later ones throw <see cref="ObjectDisposedException"/>. Threads and files
/// are released when the last execution has ended.
/// </remarks>
/// <example><code>
/// using var program = Program.Load("model.pte");
/// using var method = program.LoadMethod("forward");
/// method.SetInput(0, Tensor.From&lt;float&gt;(pixels, 1, 3, 224, 224));
/// method.Execute();
/// ReadOnlySpan&lt;float&gt; scores = method.GetOutput(0).AsTensor().Span&lt;float&gt;();
/// </code></example>
public sealed class Program : IDisposable
{
    private readonly ByteSource source;
    private readonly List<ByteSource> dataSources;
    private readonly WorkerPool pool;
    private readonly UseCount use;

    private Program(ByteSource source, PteProgram records, List<ByteSource> dataSources, RuntimeOptions options)
    {
        this.source = source;
        this.dataSources = dataSources;
        Records = records;
        Options = options;
        pool = new WorkerPool(options.EffectiveThreads);
        Data = new ProgramData(records, dataSources);
        use = new UseCount(Free);
    }

    /// <summary>The program's tables.</summary>
    public PteProgram Records { get; }

    /// <summary>How it is run.</summary>
    public RuntimeOptions Options { get; }

    /// <summary>Names of the methods.</summary>
    public IReadOnlyList<string> MethodNames => [.. Records.Methods.Select(m => m.Name)];

    internal ProgramData Data { get; }

    /// <summary>Loads a file by mapping it.</summary>
    /// <param name="path">A <c>.pte</c> file, or a <c>.bpte</c> whose program is taken.</param>
    /// <param name="options">How to run it; null for the defaults.</param>
    /// <param name="dataPaths">Files with external weights (<c>.ptd</c>).</param>
    /// <exception cref="ModelFormatException">The file is missing or broken.</exception>
    public static Program Load(string path, RuntimeOptions? options = null, params string[] dataPaths)
    {
        var sources = new List<ByteSource>();
        try
        {
            sources.Add(ByteSource.Open(path));
            sources.AddRange(dataPaths.Select(ByteSource.Open));
            return Load(sources[0], options, sources[1..]);
        }
        catch
        {
            sources.ForEach(s => s.Dispose());
            throw;
        }
    }

    /// <summary>Loads a program from memory. The memory must stay as it is while the program is used.</summary>
    /// <exception cref="ModelFormatException">The bytes are no program.</exception>
    public static Program Load(ReadOnlyMemory<byte> bytes, RuntimeOptions? options = null, params ReadOnlyMemory<byte>[] data) =>
        Load(new ByteSource(bytes), options, [.. data.Select(d => new ByteSource(d))]);

    /// <summary>Loads a program from a stream, which is read to its end and not needed any more.</summary>
    /// <param name="stream">A <c>.pte</c> or <c>.bpte</c> below 2 GiB.</param>
    /// <param name="options">How to run it; null for the defaults.</param>
    /// <param name="data">External weights (<c>.ptd</c>), read to their end too.</param>
    /// <exception cref="ModelFormatException">The bytes are no program, or the stream cannot be read.</exception>
    public static Program Load(Stream stream, RuntimeOptions? options = null, params Stream[] data) =>
        Load(ByteSource.Read(stream), options, [.. data.Select(d => ByteSource.Read(d))]);

    /// <summary>Loads a method: plans memory, prepares delegates, resolves kernels.</summary>
    /// <param name="name">Name; null for <c>forward</c>, or the only method.</param>
    /// <param name="observer">Becomes the method's <see cref="Method.Observer"/> and sees the loading too.</param>
    /// <exception cref="ExecuTorchException">No such method; missing operators or backends (all named); a delegate that its backend refuses.</exception>
    /// <exception cref="ObjectDisposedException">The program was disposed.</exception>
    public Method LoadMethod(string? name = null, MethodObserver? observer = null)
    {
        long start = Stopwatch.GetTimestamp();
        Enter();
        try
        {
            var records = Find(name);
            long init = Stopwatch.GetTimestamp();
            // A context for each method: random numbers are drawn without a lock.
            var method = new MethodLoader(this, records, new KernelContext(Options.Width, pool)).Load();
            long ready = Stopwatch.GetTimestamp();
            method.Observer = observer;
            observer?.OnLoaded(records, start, init, ready, Stopwatch.GetTimestamp());
            return method;
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>The tables of a method.</summary>
    /// <exception cref="ExecuTorchException">InvalidArgument: no such method.</exception>
    public PteMethod Find(string? name)
    {
        name ??= Records.Methods.Count == 1 ? Records.Methods[0].Name : "forward";
        return Records.FindMethod(name) ?? throw new ExecuTorchException(ErrorCode.InvalidArgument, $"there is no method \"{name}\"; the program has {string.Join(", ", MethodNames)}");
    }

    /// <summary>Ends the program's threads and unmaps its files, once executions under way have ended. Its methods cannot execute any more.</summary>
    public void Dispose() => use.Close();

    /// <summary>Keeps threads and files until <see cref="Exit"/>.</summary>
    internal void Enter() => use.Enter(this);

    internal void Exit() => use.Exit();

    private void Free()
    {
        pool.Dispose();
        source.Dispose();
        dataSources.ForEach(s => s.Dispose());
    }

    private static Program Load(ByteSource source, RuntimeOptions? options, List<ByteSource> data)
    {
        if (source.Length >= 8 && Formats.BundledProgram.BundledProgramFile.Matches(source.Slice(0, 8).Span))
        {
            var bundle = Formats.BundledProgram.BundledProgramFile.Read(source);
            return new Program(source, PteReader.Read(new ByteSource(bundle.Program, source.Name)), data, options ?? RuntimeOptions.Default);
        }
        return new Program(source, PteReader.Read(source), data, options ?? RuntimeOptions.Default);
    }
}
