using Mimir.Router.Model;
using Mimir.Router.State;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Tests.Upstreams.Lifecycle;

public sealed class ConnectionSlotTests
{
    private enum Mood
    {
        Refusing,
        Dying,
        Well,
    }

    [Fact]
    public async Task OpenAsync_AfterManyRefusalsOfTheEra_TriesAgainASmallMomentAfterAnOutage()
    {
        var mood = Mood.Refusing;
        var server = new TinyServer
        {
            On = async (message, wire) =>
            {
                if (message.GetProperty("method").GetString() != "initialize" || mood == Mood.Well)
                {
                    return false;
                }

                await (mood == Mood.Refusing ? wire.FailAsync(message, -32601) : wire.CloseAsync());
                return true;
            },
        };
        var time = new ManualTime();
        await using var house = House.Of(new RouterModel(), time, ("x", server));
        var slot = house.Pool("x").Legacy(ClientProfile.Plain, null);
        for (var i = 0; i < 10; i++)
        {
            // It was replaced by a server of the other era, and that by one that is asked anew.
            Assert.True((await Assert.ThrowsAsync<ConnectFailure>(slot.OpenAsync)).WrongEra);
            slot.Forget();
        }

        mood = Mood.Dying;
        Assert.False((await Assert.ThrowsAsync<ConnectFailure>(slot.OpenAsync)).WrongEra);
        mood = Mood.Well;
        time.Advance(TimeSpan.FromMilliseconds(201));

        Assert.True((await slot.OpenAsync().Within()).IsOpen);
    }
}
