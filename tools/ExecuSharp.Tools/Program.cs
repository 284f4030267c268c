using ExecuSharp.Tools.Coverage;
using ExecuSharp.Tools.Fuzzing;
using ExecuSharp.Tools.Operators;

return args switch
{
    ["operators"] => OperatorCommand.WritePage(),
    ["operators", "--index", var conformance] => OperatorCommand.WriteIndex(conformance),
    ["coverage"] => CoverageCommand.Run(),
    ["coverage", var results] => CoverageCommand.Print(results),
    ["fuzz"] => FuzzCommand.Run(200_000, 0, null),
    ["fuzz", var count] when int.TryParse(count, out int n) => FuzzCommand.Run(n, 0, null),
    ["fuzz", var count, var first] when int.TryParse(count, out int n) && int.TryParse(first, out int f) => FuzzCommand.Run(n, f, null),
    ["fuzz", var count, var first, var format] when int.TryParse(count, out int n) && int.TryParse(first, out int f) => FuzzCommand.Run(n, f, format),
    ["fuzz", "--save", var mutation, var format, var path] when int.TryParse(mutation, out int m) => FuzzCommand.Save(m, format, path),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        operators                       write docs/operators.md from the operator table
        operators --index CONFORMANCE   count the recorded cases of the sets in this folder, then write docs/operators.md
        coverage                        run the Unit and Conformance tests and print the lines that they run
        coverage RESULTS                print them again from the reports in a folder
        fuzz [COUNT [FIRST [FORMAT]]]   read COUNT (200000) damaged files, beginning with mutation FIRST (0), of all formats or of one
        fuzz --save MUTATION FORMAT FILE  write the file that mutation MUTATION of a format reads
        """);
    return 2;
}
