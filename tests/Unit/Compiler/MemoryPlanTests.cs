using ExecuSharp.Compiler;
using ExecuSharp.Compiler.Memory;
using ExecuSharp.Core;
using ExecuSharp.Formats.Pte;
using ExecuSharp.Graphs;
using ExecuSharp.Kernels;
using ExecuSharp.Operators.Ir;
using static ExecuSharp.Tests.Unit.Compiler.CompiledGraph;

namespace ExecuSharp.Tests.Unit.Compiler;

public sealed class MemoryPlanTests
{
    [Fact]
    public void A_tensor_takes_the_place_of_the_one_that_dies_as_it_is_made()
    {
        MemoryRequest[] chain = [new(0, 64, -1, 0), new(1, 64, 0, 1, InPlaceOf: 0), new(2, 64, 1, 2, InPlaceOf: 1), new(3, 32, 2, 3)];
        var plan = GreedyMemoryPlanner.Plan(chain);
        MemoryPlanVerifier.Verify(chain, plan);
        Assert.Equal(96, plan.Bytes);
        Assert.Equal(plan.Offsets[0], plan.Offsets[2]);
    }

    [Theory]
    [InlineData(48, 1, 0)]
    [InlineData(64, 2, 0)]
    [InlineData(64, 1, null)]
    public void A_tensor_of_another_size_one_that_lives_on_and_one_read_in_any_order_keep_their_place(long bytes, int last, int? inPlaceOf)
    {
        MemoryRequest[] requests = [new(0, 64, -1, last), new(1, bytes, 1, 2, inPlaceOf)];
        MemoryPlanVerifier.Verify(requests, GreedyMemoryPlanner.Plan(requests));
        Assert.Throws<InvalidOperationException>(() => MemoryPlanVerifier.Verify(requests, new MemoryPlan(new Dictionary<int, long> { [0] = 0, [1] = 0 }, 64)));
    }

    [Fact]
    public void Only_exactly_the_same_place_is_in_place()
    {
        MemoryRequest[] requests = [new(0, 64, -1, 1), new(1, 64, 1, 2, InPlaceOf: 0)];
        MemoryPlanVerifier.Verify(requests, new MemoryPlan(new Dictionary<int, long> { [0] = 0, [1] = 0 }, 64));
        Assert.Throws<InvalidOperationException>(() => MemoryPlanVerifier.Verify(requests, new MemoryPlan(new Dictionary<int, long> { [0] = 0, [1] = 16 }, 80)));
    }

    [Fact]
    public void Plans_never_overlap_and_reach_no_less_than_what_is_alive_at_once()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            var requests = Requests(new Random(seed));
            var plan = GreedyMemoryPlanner.Plan(requests);
            MemoryPlanVerifier.Verify(requests, plan);
            for (int at = -1; at <= 20; at++)
            {
                // A pair of which one may take the other's place needs its bytes once at the instruction between them.
                var alive = requests.Where(r => r.First <= at && at <= r.Last).ToList();
                long needed = alive.Where(r => !(r.First == at && alive.Exists(r.MayReplace))).Sum(r => (r.Bytes + 15) / 16 * 16);
                Assert.True(plan.Bytes >= needed, $"seed {seed}: {plan.Bytes} bytes, {needed} are alive at {at}");
            }
            foreach (var (a, b) in requests.SelectMany(a => requests.Where(b => b.Id != a.Id).Select(b => (a, b))).Where(p => p.a.Overlaps(p.b) && !p.a.MayReplace(p.b) && !p.b.MayReplace(p.a)))
                Assert.True(plan.Offsets[a.Id] + a.Bytes <= plan.Offsets[b.Id] || plan.Offsets[b.Id] + b.Bytes <= plan.Offsets[a.Id], $"seed {seed}: {a.Id} and {b.Id} overlap");
        }
    }

    [Fact]
    public void Element_wise_calls_of_a_program_are_in_place_unless_they_broadcast_or_read_an_input()
    {
        var graph = new GraphBuilder("forward");
        IGraphBuilder g = graph;
        Value x = graph.Input("x", new TensorSpec(ScalarType.Float, 4, 8)), row = graph.Input("row", new TensorSpec(ScalarType.Float, 8));
        var first = g.Call("aten::exp", x);
        var second = g.Call("aten::add.Tensor", g.Call("aten::sigmoid", first), x);
        var broadcast = g.Call("aten::mul.Tensor", second, row);
        graph.Output(g.Call("aten::mul.Tensor", g.Call("aten::tanh", broadcast), broadcast), "y");
        var built = graph.Build();
        GivesTheSame(built, [Floats(1, 4, 8), Floats(2, 8)], [Floats(3, 4, 8), Floats(4, 8)]);
        var method = PteCompiler.Compile([built], new CompileOptions { Backend = CompileBackend.Portable }, KernelContext.SingleThreaded()).Image.Program.Methods[0];
        var places = method.Chains[0].Instructions.Cast<PteInstruction.KernelCall>().Select(c => (Input: Place(method, c.Args[0]), Output: Place(method, c.Args[^1]))).ToList();
        // exp of an input, sigmoid, sum, broadcasting product, tanh of what is read later, product.
        Assert.Equal([false, true, true, false, false, true], places.Select((p, i) => p.Input == p.Output || (i == 5 && Place(method, ((PteInstruction.KernelCall)method.Chains[0].Instructions[i]).Args[1]) == p.Output)));
    }

    private static ulong Place(PteMethod method, int slot) => ((PteTensor)method.Values[slot]).Allocation!.Offset;

    private static List<MemoryRequest> Requests(Random random)
    {
        var requests = new List<MemoryRequest>();
        for (int id = 0; id < 25; id++)
        {
            int first = random.Next(-1, 18);
            long bytes = random.Next(1, 6) * 20;
            int? of = requests.Where(r => r.Last == first && r.Bytes == bytes).Select(r => (int?)r.Id).FirstOrDefault();
            requests.Add(new MemoryRequest(id, bytes, first, first + random.Next(0, 5), random.Next(4) == 0 ? random.Next(25) : of));
        }
        return requests;
    }
}
