using ExecuSharp.Kernels.Layout;

namespace ExecuSharp.Tests.Unit.Kernels.Layout;

public sealed unsafe class PermutationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Elements_go_where_the_order_says(int elementSize)
    {
        var random = new Random(elementSize);
        for (int round = 0; round < 200; round++)
        {
            int rank = random.Next(1, 7);
            int[] sizes = [.. Enumerable.Range(0, rank).Select(_ => random.Next(1, rank < 4 ? 20 : 6))], order = [.. Enumerable.Range(0, rank)];
            random.Shuffle(order);
            int count = sizes.Aggregate(1, (a, b) => a * b);
            var input = new byte[count * elementSize];
            random.NextBytes(input);
            Assert.Equal(Expected(input, sizes, order, elementSize), Actual(input, sizes, order, elementSize));
        }
    }

    [Fact]
    public void Nothing_is_moved_where_there_is_nothing()
    {
        var permutation = new Permutation();
        permutation.Prepare([2, 0, 3], [2, 0, 1], 4);
        Assert.Equal(0, permutation.Parts);
    }

    private static byte[] Actual(byte[] input, int[] sizes, int[] order, int elementSize)
    {
        var output = new byte[input.Length];
        var permutation = new Permutation();
        permutation.Prepare(sizes, order, elementSize);
        int middle = permutation.Parts / 2;
        fixed (byte* from = input, to = output)
        {
            permutation.Run(from, to, 0, middle);
            permutation.Run(from, to, middle, permutation.Parts);
        }
        return output;
    }

    private static byte[] Expected(byte[] input, int[] sizes, int[] order, int elementSize)
    {
        var output = new byte[input.Length];
        var index = new int[sizes.Length];
        for (int at = 0; at < input.Length / elementSize; at++)
        {
            int rest = at;
            for (int d = sizes.Length - 1; d >= 0; d--)
            {
                index[order[d]] = rest % sizes[order[d]];
                rest /= sizes[order[d]];
            }
            int from = 0;
            for (int d = 0; d < sizes.Length; d++)
                from = (from * sizes[d]) + index[d];
            input.AsSpan(from * elementSize, elementSize).CopyTo(output.AsSpan(at * elementSize));
        }
        return output;
    }
}
