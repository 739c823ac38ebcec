using System.Diagnostics;
using System.Text.Json;
using Mimir.Load;

namespace Mimir.Bench;

/// <summary>Ten upstreams with a hundred tools each: memory at rest, and how fast the merged list is served.</summary>
internal static class CrowdMeasure
{
    private const int Servers = 10;
    private const int ToolsEach = 100;
    private const int InFlight = 16;
    private const double Mebibyte = 1 << 20;
    private const string MemoryName = "idle, ten upstreams connected: PSS MiB";
    private const string ListName = "tools/list of 1,000 tools over ten upstreams, 16 in flight: lists/s";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public static void Run(Session session)
    {
        try
        {
            var workshop = session.Workshop;
            var port = Workshop.FreePort();
            var router = TargetFactory.StartRouter(workshop, port, workshop.Configure(Servers, ToolsEach));
            using var peer = workshop.Greet(router, port);
            var list = WholeList(session, peer);
            Memory(session, router);
            Lists(session, peer, list);
        }
        catch (BenchException e)
        {
            session.Fail(e.Message);
            session.Report.Rows.Add(new Row { Name = ListName, Problem = e.Message });
            session.Report.Rows.Add(new Row { Name = MemoryName, Problem = e.Message });
        }

        session.Workshop.StopAll();
    }

    // A list may leave out servers that are not ready yet; only the whole one counts.
    private static byte[] WholeList(Session session, IPeer peer)
    {
        var start = Stopwatch.GetTimestamp();
        var request = Messages.List(session.Workshop.Era);
        while (true)
        {
            session.Stop.ThrowIfCancellationRequested();
            var reply = Ask(peer, request);
            var count = CountOf(reply);
            if (count == Servers * ToolsEach)
            {
                return reply;
            }

            if (Stopwatch.GetElapsedTime(start) > s_patience)
            {
                throw new BenchException($"The router lists {count} of {Servers * ToolsEach} tools after {s_patience.TotalSeconds} s.");
            }

            Thread.Sleep(50);
        }
    }

    private static byte[] Ask(IPeer peer, string request)
    {
        try
        {
            return peer.Ask(request, s_patience);
        }
        catch (Exception e) when (e is IOException or TimeoutException or InvalidDataException)
        {
            throw new BenchException($"tools/list: {e.Message}", e);
        }
    }

    private static int CountOf(byte[] reply)
    {
        using var document = JsonDocument.Parse(reply);
        return document.RootElement.TryGetProperty("result", out var result) && result.TryGetProperty("tools", out var tools) ? tools.GetArrayLength() : 0;
    }

    private static void Memory(Session session, Launched router)
    {
        session.Say("idle");
        session.Stop.WaitHandle.WaitOne(session.Effort.Idle);
        session.Stop.ThrowIfCancellationRequested();
        var memory = ProcessFigures.MemoryOf(router.Id);
        session.Report.Rows.Add(new Row
        {
            Name = MemoryName,
            ReferenceName = "",
            Limit = new Limit(LimitRule.ValueAtMost, 70),
            Router = memory.Proportional / Mebibyte,
        });
        session.Report.Notes.Add(FormattableString.Invariant(
            $"Memory at rest: {memory.Anonymous / Mebibyte:F1} MiB of the PSS are anonymous; the resident set is {memory.Resident / Mebibyte:F1} MiB. PSS counts pages of files that other .NET processes map too, here the ten upstreams, in part only; the resident set counts them in full."));
    }

    private static void Lists(Session session, IPeer peer, byte[] list)
    {
        var workshop = session.Workshop;
        var file = Path.Combine(workshop.NewFolder(), "list.json");
        File.WriteAllBytes(file, list);
        var port = Workshop.FreePort();
        var fixedReply = workshop.Start("static", workshop.Floor, ["static", $"{port}", file], speaksOnStdout: false);
        using var reference = workshop.Greet(fixedReply, port);
        var cells = new[] { new Cell(ListName, Kind.Floor), new Cell(ListName, Kind.Mimir) };
        var peers = new[] { reference, peer };
        for (var round = 0; round < session.Effort.Rounds; round++)
        {
            for (var i = 0; i < 2; i++)
            {
                var which = (i + round) % 2;
                var plan = new LoadPlan
                {
                    InFlight = InFlight,
                    Expected = list,
                    WarmUp = round == 0 ? session.Effort.FirstWarmUp : session.Effort.WarmUp,
                    Duration = session.Effort.Duration,
                };
                var result = session.Run(peers[which], plan);
                cells[which].Add(result);
                session.Say(FormattableString.Invariant($"tools/list, {(which == 0 ? "static" : "mimir "),-6} {result.Rate,7:F0}/s  p50 {result.P50,8:F1} us"));
            }
        }

        var problem = cells.Select(static c => c.Problem).FirstOrDefault(static p => p is not null);
        if (problem is not null)
        {
            session.Fail(problem);
        }

        session.Report.Rows.Add(Row.From(
            ListName, new Limit(LimitRule.RatioAtLeast, 0.5), null, cells[0].Figures(static r => r.Rate), cells[1].Figures(static r => r.Rate))
            with
        { ReferenceName = "static", Problem = problem });
    }
}
