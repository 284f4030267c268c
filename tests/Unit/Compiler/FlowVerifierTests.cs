using ExecuSharp.Compiler.Memory;

namespace ExecuSharp.Tests.Unit.Compiler;

public sealed class FlowVerifierTests
{
    private static readonly Dictionary<int, (long, long)> Places = new() { [0] = (0, 16), [1] = (16, 16), [2] = (0, 16), [3] = (32, 16) };

    [Fact]
    public void What_is_read_in_the_next_round_must_not_be_overwritten_in_this_one()
    {
        // 0: write 1 from 0 - 1: write 2 (in the place of 0) from 1 - 2: back to 0
        MemoryEffect[] straight = [new([0], [1]), new([1], [2]), new([2], [3])];
        MemoryEffect[] loop = [new([0], [1]), new([1], [2]), new([2], [3], Jump: 0)];
        FlowVerifier.Verify(straight, Places, [0], [3]);
        var error = Assert.Throws<InvalidOperationException>(() => FlowVerifier.Verify(loop, Places, [0], [3]));
        Assert.Contains("instruction 1 writes tensor 2 over tensor 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_must_not_lie_over_an_argument_or_over_another_result()
    {
        Assert.Throws<InvalidOperationException>(() => FlowVerifier.Verify([new([0], [2])], Places, [0], [2]));
        Assert.Throws<InvalidOperationException>(() => FlowVerifier.Verify([new([], [0, 2])], Places, [], []));
        Assert.Throws<InvalidOperationException>(() => FlowVerifier.Verify([new([0], [3])], Places, [0, 2], [3]));
    }

    [Fact]
    public void A_result_may_take_the_place_of_what_is_read_index_by_index_and_never_again()
    {
        FlowVerifier.Verify([new([0], [2], InPlace: [0])], Places, [0], [2]);
        Assert.Throws<InvalidOperationException>(() => FlowVerifier.Verify([new([0], [2], InPlace: [0]), new([0], [3])], Places, [0], [2]));
        Assert.Throws<InvalidOperationException>(() => FlowVerifier.Verify([new([0], [2], InPlace: [0])], Places, [0], [0, 2]));
        Assert.Throws<InvalidOperationException>(() => FlowVerifier.Verify([new([0], [2], InPlace: [0]), new([2], [3], Jump: 0)], Places, [0], [3]));
        var shifted = new Dictionary<int, (long, long)>(Places) { [2] = (8, 16) };
        Assert.Throws<InvalidOperationException>(() => FlowVerifier.Verify([new([0], [2], InPlace: [0])], shifted, [0], [2]));
    }

    [Fact]
    public void Branches_may_share_memory_with_each_other()
    {
        // 0: if 3 is false to 3 - 1: write 0 - 2: to 4 - 3: write 2 in the same place - 4: write 1
        MemoryEffect[] branches = [new([3], [], Jump: 3), new([], [0]), new([], [], Jump: 4, AlwaysJumps: true), new([], [2]), new([], [1])];
        FlowVerifier.Verify(branches, Places, [3], [1]);
        branches[4] = new([0], [1]);
        Assert.Throws<InvalidOperationException>(() => FlowVerifier.Verify(branches, Places, [3], [1]));
    }
}
