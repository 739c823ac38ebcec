using Mimir.Router.Model;

namespace Mimir.Router.Tests.Engine;

/// <summary>How many kinds of modern clients there are at a legacy server, whatever they declare.</summary>
public sealed class ModernKindsTests
{
    private const string Caps = """{"elicitation":{}}""";
    private const string Question = """{"jsonrpc":"2.0","id":"q","method":"elicitation/create","params":{"message":"?","requestedSchema":{"type":"object","properties":{}}}}""";

    [Fact]
    public async Task List_ManyThingsMadeUp_ServersAreNotConnectedToForEach()
    {
        var server = Asking();
        await using var house = House.Of(("x", server), ("y", TinyServer.With("b")));

        for (var i = 0; i < 40; i++)
        {
            Assert.Contains("\"a\"", await house.Modern("tools/list", capabilities: Peculiar(i), view: "x").End.Within(), StringComparison.Ordinal);
            Assert.Contains("x_a", await house.Modern("tools/list", capabilities: Peculiar(i + 100)).End.Within(), StringComparison.Ordinal);
        }

        Assert.Equal(17, house.Pool("x").Slots.Count(s => s.Live is not null));
    }

    [Fact]
    public async Task List_WhatMeansNothingAnywhere_MakesNoKindOfItsOwn()
    {
        var server = Asking();
        await using var house = House.Of(("x", server));

        for (var i = 0; i < 40; i++)
        {
            await house.Modern("tools/list", capabilities: $"{{\"n{i}\":{{}},\"roots\":{{\"n{i}\":1}}}}").End.Within();
        }

        Assert.Single(house.Pool("x").Slots, s => s.Live is not null);
    }

    [Theory]
    [InlineData(Caps)]
    [InlineData("""{"elicitation":{},"experimental":{"mine":{}}}""")]
    public async Task Call_MoreKindsThanThereMayBe_IsAskedWhatItDeclared(string capabilities)
    {
        var server = Asking();
        await using var house = House.Of(("x", server));
        for (var i = 0; i < 40; i++)
        {
            await house.Modern("tools/list", capabilities: Peculiar(i)).End.Within();
        }

        var answer = await house.Modern("tools/call", "\"name\":\"x_a\",\"arguments\":{}", capabilities: capabilities, door: "http").End.Within();

        Assert.Contains("input_required", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_KindsThatAreGone_MakeRoom()
    {
        var time = new ManualTime();
        var server = Asking();
        await using var house = House.Of(new RouterModel(), time, ("x", server));
        for (var i = 0; i < 40; i++)
        {
            house.Engine.ModernCatalog(house.Engine.All, System.Text.Encoding.UTF8.GetBytes(Peculiar(i)));
        }

        time.Advance(TimeSpan.FromMinutes(6));

        var catalog = house.Engine.ModernCatalog(house.Engine.All, System.Text.Encoding.UTF8.GetBytes(Peculiar(39)));
        Assert.Equal(Peculiar(39), System.Text.Encoding.UTF8.GetString(catalog.Profile.Capabilities.Span));
    }

    private static string Peculiar(int number) => "{\"experimental\":{\"n" + number.ToString(System.Globalization.CultureInfo.InvariantCulture) + "\":{}}}";

    private static TinyServer Asking() => new TinyServer
    {
        SpeaksModern = false,
        On = async (message, wire) =>
        {
            if (!message.GetProperty("method").ValueEquals("tools/call"))
            {
                return false;
            }

            await wire.SendAsync(Question);
            return true;
        },
    }.Offer("a");
}
