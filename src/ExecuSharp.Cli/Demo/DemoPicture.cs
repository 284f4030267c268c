namespace ExecuSharp.Cli.Demo;

/// <summary>A picture of the demonstration.</summary>
/// <param name="Path">File.</param>
/// <param name="Name">File name.</param>
/// <param name="Truth">What it shows.</param>
/// <param name="Recorded">The best label that PyTorch gave.</param>
internal sealed record DemoPicture(string Path, string Name, string Truth, string Recorded);
