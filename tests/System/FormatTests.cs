using ExecuSharp.Tools;

namespace ExecuSharp.Tests.System;

/// <summary>The source is formatted as .editorconfig says.</summary>
public sealed class FormatTests
{
    [Fact]
    public void Dotnet_format_changes_no_whitespace()
    {
        var (code, output, error) = Tool.Start("dotnet", ["format", "whitespace", Repository.Root, "--folder", "--verify-no-changes", "--include", "src/", "tests/", "tools/", "samples/"]);
        Assert.True(code == 0, output + error);
    }
}
