namespace ExecuSharp.Runtime.Execution;

/// <summary>Frees a resource when it is closed and nobody uses it any more, whichever comes last. Safe for concurrent use.</summary>
/// <param name="free">Frees the resource; called once.</param>
internal sealed class UseCount(Action free)
{
    private int users = 1;
    private int closed;
    private int freed;

    /// <summary>True after <see cref="Close"/>.</summary>
    public bool IsClosed => Volatile.Read(ref closed) != 0;

    /// <summary>Begins a use, which <see cref="Exit"/> ends.</summary>
    /// <exception cref="ObjectDisposedException">The resource is closed.</exception>
    public void Enter(object owner)
    {
        Interlocked.Increment(ref users);
        if (!IsClosed)
            return;
        Exit();
        throw new ObjectDisposedException(owner.GetType().FullName);
    }

    /// <summary>Ends a use.</summary>
    public void Exit()
    {
        if (Interlocked.Decrement(ref users) == 0 && Interlocked.Exchange(ref freed, 1) == 0)
            free();
    }

    /// <summary>Lets no more uses begin.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref closed, 1) == 0)
            Exit();
    }
}
