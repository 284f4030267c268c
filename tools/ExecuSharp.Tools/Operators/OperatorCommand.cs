using ExecuSharp.Operators.Table;

namespace ExecuSharp.Tools.Operators;

/// <summary>Writes the operators' page and the index that it is made from.</summary>
internal static class OperatorCommand
{
    public static int WritePage()
    {
        string text = OperatorPage.Render(OperatorTable.Default, KernelCases.Read(), RecordedCases.Read());
        File.WriteAllText(OperatorPage.Path, text);
        Console.WriteLine($"{OperatorPage.Path}: {OperatorTable.Default.Rows.Count} operators");
        return 0;
    }

    public static int WriteIndex(string conformance)
    {
        var index = RecordedCaseCounter.Count(conformance);
        index.Write();
        Console.WriteLine($"{RecordedCases.Path}: {index.Operators.Count} operators in {index.Models} models, {index.NotConverted.Count} cases not converted");
        return WritePage();
    }
}
