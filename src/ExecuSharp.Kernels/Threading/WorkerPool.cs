using System.Runtime.CompilerServices;

namespace ExecuSharp.Kernels.Threading;

/// <summary>
/// A fixed number of threads that run the parts of one kernel. The caller works too, so a pool of one has no threads of its own.
/// One job runs at a time; a second caller runs its job alone on its own thread.
/// </summary>
public sealed unsafe class WorkerPool : IDisposable
{
    private readonly Thread[] threads;
    private readonly SemaphoreSlim wake = new(0);
    private readonly CountdownEvent idle = new(1);
    private readonly Lock gate = new();
    private void* job;
    private delegate*<void*, int, void> invoke;
    private int parts;
    private int next;
    private Exception? failure;
    private volatile bool stopping;

    /// <summary>Makes a pool.</summary>
    /// <param name="threads">Threads that work on a job, the caller's included; at least 1.</param>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        this.threads = new Thread[threads - 1];
        for (int i = 0; i < this.threads.Length; i++)
        {
            this.threads[i] = new Thread(Loop) { IsBackground = true, Name = $"execusharp {i + 1}" };
            this.threads[i].Start();
        }
    }

    /// <summary>Threads that work on a job, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>Runs <paramref name="action"/> for each part 0 … <paramref name="count"/> - 1 and returns when all are done.</summary>
    public void Run(int count, Action<int> action) => Run(count, new ActionJob(action));

    /// <summary>Runs all parts 0 … <paramref name="count"/> - 1 of a job and returns when all are done. Allocates nothing.</summary>
    public void Run<TJob>(int count, TJob work) where TJob : struct, IParallelJob
    {
        if (count <= 0)
            return;
        if (threads.Length == 0 || count == 1 || gate.IsHeldByCurrentThread || !gate.TryEnter())
        {
            for (int i = 0; i < count; i++)
                work.Run(i);
            return;
        }
        try
        {
            int helpers = Math.Min(threads.Length, count - 1);
            // The copy stays in this frame, which does not end before the helpers are done with it; the stack does not move.
            var copy = work;
            job = Unsafe.AsPointer(ref copy);
            invoke = &Invoke<TJob>;
            parts = count;
            next = 0;
            failure = null;
            idle.Reset(helpers + 1);
            wake.Release(helpers);
            Work();
            idle.Signal();
            idle.Wait();
            if (failure is { } error)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(error);
        }
        finally
        {
            job = null;
            gate.Exit();
        }
    }

    /// <summary>Ends the threads.</summary>
    public void Dispose()
    {
        if (stopping)
            return;
        stopping = true;
        if (threads.Length > 0)
            wake.Release(threads.Length);
        foreach (var thread in threads)
            thread.Join();
        wake.Dispose();
        idle.Dispose();
    }

    private void Loop()
    {
        while (true)
        {
            wake.Wait();
            if (stopping)
                return;
            Work();
            idle.Signal();
        }
    }

    private void Work()
    {
        try
        {
            int part;
            while ((part = Interlocked.Increment(ref next) - 1) < parts)
                invoke(job, part);
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref failure, error, null);
            next = int.MaxValue / 2;
        }
    }

    private static void Invoke<TJob>(void* job, int part) where TJob : struct, IParallelJob => Unsafe.AsRef<TJob>(job).Run(part);

    private readonly struct ActionJob(Action<int> action) : IParallelJob
    {
        public void Run(int part) => action(part);
    }
}
