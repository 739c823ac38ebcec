using System.Text;
using Mimir.Router.Upstreams;
using Mimir.Supervisor.Families;
using Mimir.Supervisor.Tests.Support;
using Xunit;

namespace Mimir.Supervisor.Tests.Families;

public sealed class ProcessTableTests
{
    [Theory]
    [InlineData("sh")]
    [InlineData("a) Z 1 2 3 (b")]
    [InlineData("line\nbreak) S 9 9")]
    [InlineData(")")]
    public void ParseStat_AnyName_FindsTheFields(string name)
    {
        var stat = $"42 ({name}) S 7 40 40 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 123456789012 1 2 3\n";
        Assert.Equal(new ProcessEntry(42, 7, 40, 123456789012, "", Resident: 2L * Environment.SystemPageSize), ProcessTable.ParseStat(42, Encoding.UTF8.GetBytes(stat)));
    }

    [Theory]
    [InlineData("42 (sh) Z 7 40 40 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 5 1 2 3")]
    [InlineData("42 (sh) X 7 40 40 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 5 1 2 3")]
    [InlineData("2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 0 0 0 20 0 1 0 5 1 2 3")]
    [InlineData("42 (sh) S 7")]
    [InlineData("42 (sh")]
    [InlineData("42 (sh)")]
    [InlineData("")]
    public void ParseStat_DeadOrTorn_IsNobody(string stat) => Assert.Null(ProcessTable.ParseStat(42, Encoding.UTF8.GetBytes(stat)));

    [Fact]
    public async Task Read_ChildWithALargeEnvironment_FindsTheMarkWhereverItStands()
    {
        await using var host = new ProcessHost();
        var model = Run.Shell("export LATE=x; exec env -u MIMIR_CHILD sh -c 'MIMIR_CHILD=moved exec cat'");
        for (var i = 0; i < 20; i++)
            model = model.With($"BIG_{i}", new string('x', 50_000));
        await using var child = await host.StartAsync(model);
        child.Line.WriteAll("x"u8);
        Assert.Equal(1, child.Line.Read(new byte[4]));
        var entry = Assert.Single(new ProcessTable("MIMIR_CHILD").Read(), entry => entry.Id == child.ProcessId);
        Assert.Equal("moved", entry.Marks);
        Assert.Equal(Environment.ProcessId, entry.Parent);
    }

    [Fact]
    public async Task Signal_NumberBelongsToAnotherProcessNow_IsNotSent()
    {
        await using var host = new ProcessHost();
        await using var child = await host.StartAsync(Run.Model("cat"));
        var table = new ProcessTable("MIMIR_CHILD");
        var entry = table.Read().Single(entry => entry.Id == child.ProcessId);
        table.Signal(entry with { Started = entry.Started - 1 }, 9);
        child.Line.WriteAll("alive"u8);
        Assert.Equal(5, child.Line.Read(new byte[64]));
        table.Signal(entry, 9);
        Assert.Equal(9, (await child.Exited.WaitAsync(Run.Patience)).Signal);
    }

    [Fact]
    public void Select_DescendantsMarksAndMemories_AreFamilyAndNobodyElse()
    {
        var family = new Family(100, "mark", new ProcessScanner(new ProcessTable("MIMIR_CHILD")), Task.FromResult(new ChildExit(0, null)));
        ProcessEntry leader = new(100, 1, 100, 1, "mark"), marked = new(200, 1, 200, 2, "outer.mark.inner"), bare = new(300, 200, 300, 3, "");
        ProcessEntry stranger = new(400, 1, 400, 4, "other"), ourselves = new(Environment.ProcessId, 100, 100, 5, "mark");
        Assert.Equal([leader, marked, bare], family.Select([stranger, bare, ourselves, leader, marked]).OrderBy(entry => entry.Id));

        // Orphaned and without a mark, but seen before; and its number in other hands.
        var orphan = bare with { Parent = 1 };
        Assert.Equal([orphan], family.Select([orphan, stranger]));
        Assert.Empty(family.Select([orphan with { Started = 9 }, stranger]));
    }

    [Fact]
    public void Select_SomebodyElseReapedTheLeader_ItsNumberCountsForNothing()
    {
        var family = new Family(100, "mark", new ProcessScanner(new ProcessTable("MIMIR_CHILD")), Task.FromResult(new ChildExit(null, null)));
        ProcessEntry reuser = new(100, 1, 100, 9, ""), marked = new(200, 1, 100, 2, "mark");
        Assert.Equal([marked], family.Select([reuser, marked]));
    }
}
