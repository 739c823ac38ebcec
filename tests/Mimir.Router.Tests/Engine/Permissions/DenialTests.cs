using System.Collections.Immutable;
using Mimir.Router.Model;
using Mimir.Router.Model.Permissions;

namespace Mimir.Router.Tests.Engine.Permissions;

/// <summary>What is denied while it is under way, watched or held, and what would get around what is looked at.</summary>
public sealed class DenialTests : IAsyncDisposable
{
    private static readonly OfferRules s_nothing = new() { Denied = ["*"] };
    private readonly TinyServer _x = new TinyServer { SpeaksModern = false }.Offer("a", "b")
        .OfferRaw("prompts/list", """{"prompts":[{"name":"p"}]}""")
        .OfferRaw("resources/list", """{"resources":[{"name":"r","uri":"x://r"}]}""");

    private readonly TinyServer _y = new TinyServer { SpeaksModern = false }.Offer("c");
    private readonly House _house;

    public DenialTests() => _house = new House(
        Of(null), new Dictionary<string, TinyServer>(StringComparer.Ordinal) { ["x"] = _x, ["y"] = _y });

    public ValueTask DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task Call_DeniedWhileItStandsInLine_IsRefusedAndItsServerNeverHearsIt()
    {
        var session = await _house.OpenAsync();
        await session.Call("tools/list").End.Within();
        var go = new TaskCompletionSource();
        _x.Holds["tools/call"] = go.Task;
        var open = session.Call("tools/call", """{"name":"x_a"}""");
        await _x.ReceivedAsync("tools/call");
        var waiting = session.Call("tools/call", """{"name":"x_b"}""");
        await Patience.UntilAsync(() => _house.Pool("x").Health.Gate.Waiting == 1);

        Apply(Always(tools: new OfferRules { Denied = ["b"] }));
        _x.On = (message, _) => message.GetProperty("method").ValueEquals("tools/call") ? throw new InvalidOperationException("it heard a call") : Task.FromResult(false);
        go.SetResult();

        Assert.Contains("\"result\"", await open.End.Within(), StringComparison.Ordinal);
        Assert.Contains("denied while it waited", await waiting.End.Within(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tools/call", """{"name":"x_a","Name":"b"}""", "Name")]
    [InlineData("tools/call", """{"NAME":"b","name":"x_a","arguments":{}}""", "NAME")]
    [InlineData("tools/call", """{"name":"x_a","Arguments":{}}""", "Arguments")]
    [InlineData("tools/call", """{"name":"x_a","argumentſ":{}}""", "argument")]
    [InlineData("resources/read", """{"uri":"x://r","Uri":"x://secret"}""", "Uri")]
    [InlineData("completion/complete", """{"ref":{"type":"ref/prompt","name":"x_p","Name":"q"},"argument":{"name":"a","value":""}}""", "Name")]
    [InlineData("completion/complete", """{"ref":{"type":"ref/resource","name":"x_p","uri":"x://secret"},"argument":{"name":"a","value":""}}""", "a name and a uri")]
    public async Task Request_SaysTwoThings_IsRefusedWhereSomethingIsDenied(string method, string parameters, string why)
    {
        Apply(Always(tools: new OfferRules { Allowed = ["a"] }));
        var session = await _house.OpenAsync();
        await session.Call("tools/list").End.Within();
        await session.Call("prompts/list").End.Within();
        var heard = 0;
        _x.On = (message, _) =>
        {
            heard += message.GetProperty("method").ValueEquals(method) ? 1 : 0;
            return Task.FromResult(false);
        };

        var answer = await session.Call(method, parameters).End.Within();

        Assert.Contains("\"error\"", answer, StringComparison.Ordinal);
        Assert.Contains(why, answer, StringComparison.Ordinal);
        Assert.Equal(0, heard);
    }

    [Fact]
    public async Task Arguments_OfAnyCase_AreNobodysBusiness()
    {
        Apply(Always(tools: new OfferRules { Allowed = ["a"] }));
        var session = await _house.OpenAsync();

        Assert.Contains("\"heard\":\"a\"", await session.Call("tools/call", """{"name":"x_a","arguments":{"Name":1,"NAME":2,"uri":3,"URI":4},"_meta":{"Name":5}}""").End.Within(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Subscription_ToWhatIsDeniedLater_IsSilentUntilItIsAllowedAgain()
    {
        const string updated = """{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"x://r"}}""";
        var session = await _house.OpenAsync();
        await session.Call("resources/list").End.Within();
        Assert.Contains("\"result\"", await session.Call("resources/subscribe", """{"uri":"x://r"}""").End.Within(), StringComparison.Ordinal);
        await _x.Wire.SendAsync(updated);
        Assert.Equal(updated, await session.NewsAsync());

        Apply(Always(resources: s_nothing));
        await _x.Wire.SendAsync(updated);
        Assert.Contains("\"result\"", await session.Call("tools/call", """{"name":"x_a"}""").End.Within(), StringComparison.Ordinal);
        Apply(Of(null));
        await _x.Wire.SendAsync(updated.Replace("}}", ",\"after\":1}}", StringComparison.Ordinal));

        string news;
        while ((news = await session.NewsAsync()).Contains("list_changed", StringComparison.Ordinal))
        {
            // The list was another one for a moment.
        }

        Assert.Contains("after", news, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PrivateConnection_ServerLeavesTheNamespace_EndsAfterItsCallsAndSaysNothingMore()
    {
        Apply(Spaces("x", "y"));
        var session = await _house.OpenAsync(view: "work");
        Assert.Contains("\"result\"", await session.Call("tools/call", """{"name":"y_c"}""").End.Within(), StringComparison.Ordinal);
        var go = new TaskCompletionSource();
        _y.Holds["tools/call"] = go.Task;
        var open = session.Call("tools/call", """{"name":"y_c"}""");
        await _y.ReceivedAsync("tools/call");
        await _y.ReceivedAsync("tools/call");
        session.Waiting();

        Apply(Spaces("x"));
        await _y.Wire.SendAsync("""{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"error","data":"psst"}}""");

        Assert.Contains("Unknown tool", await session.Call("tools/call", """{"name":"y_c"}""").End.Within(), StringComparison.Ordinal);
        go.SetResult();
        Assert.Contains("\"result\"", await open.End.Within(), StringComparison.Ordinal);
        await Patience.UntilAsync(() => _house.Pool("y").Slots.All(s => s.Live is null));
        Assert.DoesNotContain(session.Waiting(), news => news.Contains("psst", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tasks_InANamespaceWithoutServers_AreUnknown()
    {
        Apply(Spaces());
        var session = await _house.OpenAsync(view: "work");

        Assert.Contains("\"error\"", await session.Call("tasks/get", """{"taskId":"x.1"}""").End.Within(), StringComparison.Ordinal);
        Assert.Contains("\"tools\":[]", await session.Call("tools/list").End.Within(), StringComparison.Ordinal);
    }

    private static RouterModel Of(PermissionsModel? permissions) => new()
    {
        Servers = [House.Server("x") with { MaxConcurrent = 1 }, House.Server("y") with { Sharing = Sharing.Session }],
        Permissions = permissions ?? PermissionsModel.None,
    };

    private static RouterModel Always(OfferRules? tools = null, OfferRules? resources = null) => Of(new PermissionsModel
    {
        Servers = ImmutableSortedDictionary<string, ServerPermissions>.Empty.Add("x", new ServerPermissions(tools ?? OfferRules.None, OfferRules.None, resources ?? OfferRules.None)),
    });

    private static RouterModel Spaces(params string[] servers) => Of(new PermissionsModel { Namespaces = [new NamespaceModel("work") { Servers = [.. servers] }, new NamespaceModel("all") { Servers = ["x", "y"] }] });

    private void Apply(RouterModel model) => Assert.True(_house.Engine.Apply(model).IsNothing);
}
