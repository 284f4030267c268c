namespace ExecuSharp.Inspection;

/// <summary>A block of planned memory.</summary>
/// <param name="Index">Number, from 1.</param>
/// <param name="PlannedBytes">Size in the program.</param>
/// <param name="LiveBytes">The most bytes of tensors that are alive at one instruction; bytes that tensors share count once. No plan can need less.</param>
/// <param name="LiveAt">The instruction at which that is.</param>
public sealed record ArenaInspection(int Index, ulong PlannedBytes, ulong LiveBytes, int LiveAt)
{
    /// <summary>Planned bytes above the lower bound.</summary>
    public ulong WasteBytes => PlannedBytes > LiveBytes ? PlannedBytes - LiveBytes : 0;
}
