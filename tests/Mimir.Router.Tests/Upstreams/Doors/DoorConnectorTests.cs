using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams;
using Mimir.Router.Upstreams.Doors;

namespace Mimir.Router.Tests.Upstreams.Doors;

/// <summary>How an app is reached that comes by itself.</summary>
public sealed class DoorConnectorTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mimir-door-");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>Waiting for an app costs nothing, and who starts it again wants it at once: a call that comes then is not told that it did not come before.</summary>
    [Fact]
    public async Task Open_AnAppThatWasLongAway_IsWaitedForAgainAfterAMoment()
    {
        var time = new ManualTime();
        await using var connector = new DoorConnector(Path.Combine(_folder.FullName, "doors"), "1.sock", time);
        await using var engine = new RouterEngine(new RouterModel { Servers = [House.Server("x") with { Transport = new DoorModel("game") }] }, _ => connector, time);
        var slot = engine.PoolOf("x")!.Legacy(ClientProfile.Plain, null);
        for (var i = 0; i < 10; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            var opening = slot.OpenAsync();
            await Patience.UntilAsync(() =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return opening.IsCompleted;
            });
            Assert.Contains("did not come", (await Assert.ThrowsAsync<ConnectFailure>(() => opening)).Message, StringComparison.Ordinal);
        }

        time.Advance(TimeSpan.FromMilliseconds(241));
        Assert.False(slot.OpenAsync().IsCompleted);
    }
}
