namespace ExecuSharp.Formats.EtDump;

/// <summary>A block of events. The official runtime names the block of loading <c>Default</c> and that of each run <c>Execute</c>.</summary>
/// <param name="Name">Name.</param>
/// <param name="BundledInputIndex">Test case that was run, or -1.</param>
/// <param name="Allocators">Names of the allocators that <see cref="EtDumpEvent.Allocation"/> counts.</param>
/// <param name="Events">Events in the order in which they ended.</param>
public sealed record EtDumpRun(string Name, int BundledInputIndex, IReadOnlyList<string> Allocators, IReadOnlyList<EtDumpEvent> Events);
