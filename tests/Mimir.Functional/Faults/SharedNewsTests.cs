using Mimir.Functional.Clients;
using Mimir.Functional.Harness;

namespace Mimir.Functional.Faults;

/// <summary>What a server that clients share says outside their calls: it reaches its owner and nobody else.</summary>
public sealed class SharedNewsTests
{
    [Theory(Timeout = 60_000)]
    [InlineData("pipe")]
    [InlineData("web")]
    public async Task Task_AnotherClientHasTheOnlyCallOpen_ItsNewsAreItsMakers(string server)
    {
        await using var http = await WickedHttp.StartAsync("\"name\":\"web\"");
        await using var router = await Router.HttpAsync(new Config(new Marker()).Stdio("pipe").Http("web", http.Url));
        var (maker, other) = (await router.LegacyClientAsync(), await router.LegacyClientAsync());
        Verdict.Text("t", await maker.CallAsync(server + "_echo", "{\"text\":\"t\"}"));
        Verdict.Text("t", await other.CallAsync(server + "_echo", "{\"text\":\"t\"}"));

        var made = await maker.AskAsync("tools/call", $"\"name\":\"{server}_wicked\",\"arguments\":{{\"how\":\"task\",\"afterMs\":300}},\"task\":{{}}");
        Assert.Equal(server + ".T1", made.Result.At("task", "taskId").Str());
        var open = other.CallAsync(server + "_ledger", "{\"nonce\":\"n\",\"delayMs\":2000}");
        var told = await maker.NotificationAsync("notifications/tasks/status");
        Verdict.Ledger(server, "n", await open);

        Assert.Equal(server + ".T1", told.At("params", "taskId").Str());
        Assert.Empty(other.Notifications("notifications/tasks/status"));
        Assert.Empty(other.Notifications("notifications/message"));
        Assert.Empty(maker.Notifications("notifications/message"));
        Assert.Equal(-32602, (await other.AskAsync("tasks/get", $"\"taskId\":\"{server}.T1\"")).Code);
        Assert.Equal("{\"tasks\":[]}", (await other.AskAsync("tasks/list")).Result.GetRawText());
    }
}
