using ExecuSharp.Kernels.Threading;

namespace ExecuSharp.Runtime.XnnPack;

/// <summary>Runs parts of a step on the threads of a pool. Each thread has a slot for scratch memory. Allocates nothing after construction.</summary>
internal sealed class ParallelLoop
{
    private readonly Action<int, int> body;
    private readonly Action<int> worker;
    private int next;
    private int count;

    public ParallelLoop(Action<int, int> body)
    {
        this.body = body;
        worker = Work;
    }

    public void Run(WorkerPool pool, int parts)
    {
        if (pool.Threads == 1 || parts <= 1)
        {
            for (int i = 0; i < parts; i++)
                body(i, 0);
            return;
        }
        next = 0;
        count = parts;
        pool.Run(Math.Min(pool.Threads, parts), worker);
    }

    private void Work(int slot)
    {
        int part;
        while ((part = Interlocked.Increment(ref next) - 1) < count)
            body(part, slot);
    }
}
