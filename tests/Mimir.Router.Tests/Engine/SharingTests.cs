using System.Collections.Immutable;
using Mimir.Router.Model;
using Mimir.Router.Model.Permissions;

namespace Mimir.Router.Tests.Engine;

/// <summary>Who shares a connection with whom.</summary>
public sealed class SharingTests
{
    private const string Askable = """{"elicitation":{}}""";

    [Fact]
    public async Task Principal_ClientsOfOneNamespace_ShareAConnectionThatThoseOfAnotherDoNot()
    {
        var server = new TinyServer { SpeaksModern = false }.Offer("a");
        await using var house = Of(server, Sharing.Principal);
        var (first, second, other) = (await house.OpenAsync(view: "work"), await house.OpenAsync(view: "work"), await house.OpenAsync(view: "home"));

        foreach (var session in new[] { first, second, other })
        {
            Assert.Contains("\"heard\":\"a\"", await session.Call("tools/call", """{"name":"x_a"}""").End.Within(), StringComparison.Ordinal);
        }

        Assert.Equal(["\rhome", "\rwork"], Live(house));
    }

    [Fact]
    public async Task Principal_ModernClientsAtALegacyServer_ShareOnlyWithinTheirNamespace()
    {
        var server = new TinyServer { SpeaksModern = false }.Offer("a");
        await using var house = Of(server, Sharing.Principal);

        foreach (var view in new[] { "work", "home", "work" })
        {
            Assert.Contains("\"heard\":\"a\"", await house.Modern("tools/call", "\"name\":\"x_a\"", view, capabilities: Askable).End.Within(), StringComparison.Ordinal);
        }

        Assert.Equal(["\rhome", "\rwork"], Live(house));
    }

    [Fact]
    public async Task Principal_SubscriptionThatAnotherNamespaceAlsoHas_IsTakenBackWhereNobodyElseWantsIt()
    {
        var server = new TinyServer { SpeaksModern = false }.OfferRaw("resources/list", """{"resources":[{"name":"r","uri":"x://r"}]}""");
        var taken = 0;
        server.On = (message, _) =>
        {
            taken += message.GetProperty("method").ValueEquals("resources/unsubscribe") ? 1 : 0;
            return Task.FromResult(false);
        };
        await using var house = Of(server, Sharing.Principal);
        var (work, home) = (await house.OpenAsync(view: "work"), await house.OpenAsync(view: "home"));
        foreach (var session in new[] { work, home })
        {
            Assert.Contains("\"result\"", await session.Call("resources/subscribe", """{"uri":"x://r"}""").End.Within(), StringComparison.Ordinal);
        }

        Assert.Contains("\"result\"", await work.Call("resources/unsubscribe", """{"uri":"x://r"}""").End.Within(), StringComparison.Ordinal);

        Assert.Equal(1, taken);
    }

    [Fact]
    public async Task Principal_NobodyOfANamespaceForMinutes_ItsConnectionEnds()
    {
        var time = new ManualTime();
        var server = new TinyServer { SpeaksModern = false }.Offer("a");
        await using var house = Of(server, Sharing.Principal, time);
        var (work, home) = (await house.OpenAsync(view: "work"), await house.OpenAsync("""{"experimental":{"a":{}}}""", view: "home"));
        await work.Call("tools/list").End.Within();
        await home.Call("tools/list").End.Within();
        Assert.Equal(2, Live(house).Count);

        house.Engine.Remove(home);
        time.Advance(TimeSpan.FromMinutes(4));
        time.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal(["\rwork"], Live(house));
        Assert.Contains("\"heard\":\"a\"", await work.Call("tools/call", """{"name":"x_a"}""").End.Within(), StringComparison.Ordinal);
    }

    private static List<string?> Live(House house) =>
        [.. house.Pool("x").Slots.Where(static s => s.Live is not null && s.Profile.Principal is not null).Select(static s => s.Profile.Principal).Order(StringComparer.Ordinal)];

    private static House Of(TinyServer server, Sharing sharing, ManualTime? time = null)
    {
        var spaces = ImmutableArray.Create("work", "home").Select(static n => new NamespaceModel(n) { Servers = ["x"] });
        var model = new RouterModel { Servers = [House.Server("x") with { Sharing = sharing }], Permissions = new PermissionsModel { Namespaces = [.. spaces] } };
        return new House(model, new Dictionary<string, TinyServer>(StringComparer.Ordinal) { ["x"] = server }, time);
    }
}
