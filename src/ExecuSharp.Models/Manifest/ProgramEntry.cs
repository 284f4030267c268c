namespace ExecuSharp.Models.Manifest;

/// <summary>A program file of a model.</summary>
/// <param name="Name">What it is: <c>vision</c>, <c>text</c> or <c>model</c>.</param>
/// <param name="File">File name, beside the manifest.</param>
/// <param name="Sha256">Checksum of the file in lower-case hexadecimal digits.</param>
/// <param name="Precision">Arithmetic: <c>fp32</c>, <c>int8</c>, ….</param>
public sealed record ProgramEntry(string Name, string File, string Sha256, string Precision = "fp32");
