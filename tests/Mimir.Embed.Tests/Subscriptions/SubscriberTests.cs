using System.Text.Json.Nodes;
using Mimir.Embed.Subscriptions;

namespace Mimir.Embed.Tests.Subscriptions;

/// <summary>Telling one client, whose line may be slow or gone.</summary>
public sealed class SubscriberTests
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task Note_LineThatIsStuck_NothingPilesUp()
    {
        var (stuck, go, done) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        var sent = new List<string>();
        async Task SendAsync(string method, JsonObject parameters)
        {
            sent.Add(parameters["uri"]!.GetValue<string>());
            stuck.TrySetResult();
            await go.Task;
            if (sent.Count == 3) done.SetResult();
        }

        var table = new SubscriberTable(1);
        var subscriber = new Subscriber(SendAsync, table.Remove, s_pause);
        table.Add(subscriber);
        foreach (var uri in new[] { "a", "b" }) Assert.True(table.TrySubscribe(subscriber, uri, uri));
        table.Updated("a");
        subscriber.Begin();
        await stuck.Task.WaitAsync(TimeSpan.FromSeconds(20));

        for (var i = 0; i < 10_000; i++)
        {
            table.Updated("a");
            table.UpdatedBelow("b");
        }

        go.SetResult();
        await done.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(["a", "a", "b"], [sent[0], .. sent.Skip(1).Order(StringComparer.Ordinal)]);
    }

    [Fact]
    public async Task Note_LineThatIsGone_TheSubscriberIsForgotten()
    {
        var gone = new TaskCompletionSource();
        var table = new SubscriberTable(1);
        var subscriber = new Subscriber(
            static (_, _) => throw new IOException("The pipe is broken."),
            who =>
            {
                table.Remove(who);
                gone.SetResult();
            },
            s_pause);
        table.Add(subscriber);
        table.TrySubscribe(subscriber, "a", "a");
        subscriber.Begin();

        table.Updated("a");
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal((0, 0), (table.Count, table.Uris));
        Assert.False(table.TrySubscribe(subscriber, "a", "a"));
    }

    [Fact]
    public void Add_MoreThanThereIsRoomFor_IsRefused()
    {
        var table = new SubscriberTable(1);
        Subscriber Make() => new(static (_, _) => Task.CompletedTask, table.Remove, s_pause);
        var first = Make();
        table.Add(first);

        Assert.Throws<InvalidOperationException>(() => table.Add(Make()));
        table.Remove(first);
        table.Add(Make());
    }
}
