using Mimir.Router.State;
using static Mimir.Router.State.LifeTrigger;
using static Mimir.Router.State.UpstreamStatus;

namespace Mimir.Router.Tests.State;

/// <summary>The table in the comment is what the switch does, and transitions are told in order.</summary>
public sealed class UpstreamLifeTests
{
    private readonly ManualTime _time = new();

    public static TheoryData<UpstreamStatus, LifeTrigger, string> Table
    {
        get
        {
            var lines = File.ReadLines(Path.Combine(Repository(), "src/Mimir.Router/State/UpstreamLife.cs"))
                .Where(l => l.StartsWith("/// ", StringComparison.Ordinal)).Select(l => l[4..].Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
            var head = lines.Single(l => l is ["Begin", ..]);
            var rows = new TheoryData<UpstreamStatus, LifeTrigger, string>();
            foreach (var status in Enum.GetValues<UpstreamStatus>())
            {
                var row = lines.Single(l => l.Length == head.Length + 1 && l[0] == UpstreamLife.Word(status));
                foreach (var trigger in Enum.GetValues<LifeTrigger>())
                {
                    rows.Add(status, trigger, row[1 + Array.IndexOf(head, trigger.ToString())]);
                }
            }

            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Table))]
    public void Next_EveryCell_IsAsTheTableSays(UpstreamStatus from, LifeTrigger trigger, string to) =>
        Assert.Equal(to, UpstreamLife.Next(from, trigger) is { } next ? UpstreamLife.Word(next) : "-");

    [Fact]
    public void Apply_NothingChanges_TellsNobody()
    {
        var life = new UpstreamLife("x", _time);
        life.Changed += _ => Assert.Fail("nothing changed");

        Assert.False(life.Apply(Recover, 0, "r"));
        Assert.Equal(Configured, life.Status);
        Assert.Empty(life.History);
    }

    [Fact]
    public void Apply_ChangesWhileItTells_AreToldInOrder()
    {
        var life = new UpstreamLife("x", _time);
        var told = new List<UpstreamStatus>();
        life.Changed += t =>
        {
            if (t.To == Starting)
            {
                life.Apply(Open, 1, "now");
            }

            told.Add(t.To);
        };

        life.Apply(Begin, 0, "needed");

        Assert.Equal([Starting, Ready], told);
    }

    [Fact]
    public void Apply_ProcessEnded_SaysHowAndWhatItWrote()
    {
        var life = new UpstreamLife("x", _time);
        life.Apply(Open, 3, "opened");
        _time.Advance(TimeSpan.FromSeconds(7));

        life.Apply(Lose, 3, "it was ended by signal 11", new ProcessEnd(null, 11, ["oh", "no"]));

        var last = life.History[^1];
        Assert.Equal(("x", Ready, UpstreamStatus.Backoff, 3, "it was ended by signal 11"), (last.Server, last.From, last.To, last.Generation, last.Reason));
        Assert.Equal((null, 11, "no"), (last.End!.ExitCode, last.End.Signal, last.End.LastWords[^1]));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(7), last.At);
    }

    [Fact]
    public void History_ManyTransitions_KeepsTheLast()
    {
        var life = new UpstreamLife("x", _time);
        for (var i = 0; i < UpstreamLife.MostKept; i++)
        {
            life.Apply(Open, i, "");
            life.Apply(Lose, i, "");
        }

        Assert.Equal(UpstreamLife.MostKept, life.History.Count);
        Assert.Equal(UpstreamLife.MostKept - 1, life.History[^1].Generation);
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Mimir.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
