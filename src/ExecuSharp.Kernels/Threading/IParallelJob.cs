namespace ExecuSharp.Kernels.Threading;

/// <summary>Work in numbered parts that do not depend on each other. As a struct it costs no allocation.</summary>
public interface IParallelJob
{
    /// <summary>Does one part; called from any thread, each part once.</summary>
    void Run(int part);
}
