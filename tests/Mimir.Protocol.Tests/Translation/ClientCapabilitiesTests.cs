using System.Text;
using Mimir.Protocol.Revisions;
using Mimir.Protocol.Translation;
using Xunit;

namespace Mimir.Protocol.Tests.Translation;

public sealed class ClientCapabilitiesTests
{
    private const string Tasks = "\"io.modelcontextprotocol/tasks\":{}";

    [Theory]
    [InlineData("", "{}")]
    [InlineData("{ }", "{ }")]
    [InlineData("{\"roots\":{},\"elicitation\":{\"form\":{},\"url\":{}},\"sampling\":{\"tools\":{}},\"x\":1.0}", null)]
    [InlineData("{\"elicitation\":{},\"extensions\":{}}", null)]
    [InlineData($"{{\"extensions\":{{{Tasks}}},\"roots\":{{}}}}", "{\"roots\":{}}")]
    [InlineData($"{{\"roots\":{{}},\"extensi\\u006fns\":{{\"io.modelcontextprotocol\\/tasks\":1}}}}", "{\"roots\":{}}")]
    [InlineData($"{{\"extensions\":{{\"a/b\":{{}}, {Tasks},\"c/d\":1}}}}", "{\"extensions\":{\"a/b\":{},\"c/d\":1}}")]
    [InlineData($"{{\"experimental\":{{{Tasks}}}}}", null)]
    [InlineData("{\"extensions\":[1]}", null)]
    [InlineData("5", null)]
    public void ToLegacy_AnyCapabilities_LoseTheTasksExtension(string given, string? expected) =>
        Assert.Equal(expected ?? given, Frames.Text(ClientCapabilities.ToLegacy(Encoding.UTF8.GetBytes(given))));

    [Theory]
    [InlineData("", "{}", "{}")]
    [InlineData("{}", "{}", "{}")]
    [InlineData("{\"roots\":{\"listChanged\":true},\"sampling\":{\"context\":{}}}", "{\"roots\":{},\"sampling\":{\"context\":{}}}", "{\"roots\":{},\"sampling\":{\"context\":{}}}")]
    [InlineData("{\"roots\":true,\"x\":1.0}", "{\"roots\":true,\"x\":1.0}", "{\"roots\":true,\"x\":1.0}")]
    [InlineData("{\"tasks\":{\"list\":{}},\"elicitation\":{ }}", "{\"elicitation\":{\"form\":{}}}", "{\"elicitation\":{\"form\":{}}}")]
    [InlineData("{\"elicitation\":{\"url\":{}},\"t\\u0061sks\":1}", "{\"elicitation\":{\"form\":{}}}", "{\"elicitation\":{\"url\":{}}}")]
    [InlineData("{\"elicitation\":{\"form\":{},\"u\\u0072l\":{},\"x\":1}}", "{\"elicitation\":{\"form\":{},\"x\":1}}", null)]
    [InlineData($"{{\"extensions\":{{\"a/b\":1,{Tasks}}},\"experimental\":{{\"tasks\":1}}}}",
        "{\"extensions\":{\"a/b\":1},\"experimental\":{\"tasks\":1}}", "{\"extensions\":{\"a/b\":1},\"experimental\":{\"tasks\":1}}")]
    [InlineData("[\"tasks\"]", "[\"tasks\"]", "[\"tasks\"]")]
    public void ToModern_LegacyCapabilities_AreSaidForTheRevision(string given, string inJune, string? inNovember)
    {
        Assert.Equal(inJune, Frames.Text(ClientCapabilities.ToModern(Encoding.UTF8.GetBytes(given), Revision.V2025_06_18)));
        Assert.Equal(inNovember ?? given, Frames.Text(ClientCapabilities.ToModern(Encoding.UTF8.GetBytes(given), Revision.V2025_11_25)));
    }

    [Fact]
    public void ToModern_ElicitationBeforeItExisted_IsNotDeclared() => Assert.Equal(
        "{\"roots\":{}}",
        Frames.Text(ClientCapabilities.ToModern("{\"elicitation\":{},\"roots\":{}}"u8, Revision.V2025_03_26)));

    [Theory]
    [InlineData("{}", "")]
    [InlineData("{\"roots\":{},\"sampling\":{}}", "Roots Sampling")]
    [InlineData("{\"sampling\":{\"t\\u006fols\":{}}}", "Sampling SamplingTools")]
    [InlineData("{\"elicitation\":{}}", "ElicitationForm")]
    [InlineData("{\"elicitation\":{\"form\":{}}}", "ElicitationForm")]
    [InlineData("{\"elicitation\":{\"url\":{}}}", "ElicitationUrl")]
    [InlineData("{\"elicitation\":{\"form\":{},\"url\":{}}}", "ElicitationForm ElicitationUrl")]
    [InlineData("{\"roots\":null,\"sampling\":true,\"elicitation\":[]}", "")]
    [InlineData("{\"roots\":{},\"roots\":null,\"x\":{\"sampling\":{}}}", "")]
    [InlineData("", "")]
    [InlineData("null", "")]
    public void Has_AnyCapabilities_AreWhatWasDeclared(string given, string expected) => Assert.Equal(
        expected,
        string.Join(' ', Enum.GetValues<ClientCapability>().Where(need => ClientCapabilities.Has(Encoding.UTF8.GetBytes(given), need))));

    [Fact]
    public void Requiring_EachNeed_IsMetByWhatItSays()
    {
        foreach (var need in Enum.GetValues<ClientCapability>().Where(need => need != ClientCapability.Unknown))
        {
            Assert.True(ClientCapabilities.Has(ClientCapabilities.Requiring(need), need));
        }
    }

    [Fact]
    public void Both_RandomCapabilities_StayJson()
    {
        var random = new Random(41);
        var json = new RandomJson(random, "roots", "tasks", "elicitation", "url", "form", "extensions", "io.modelcontextprotocol/tasks", "a");
        for (var i = 0; i < 10_000; i++)
        {
            var given = Encoding.UTF8.GetBytes(json.Object(3, twice: i % 2 == 0));
            var legacy = ClientCapabilities.ToLegacy(given);
            Frames.AssertJson(legacy);
            Assert.Equal(legacy, ClientCapabilities.ToLegacy(legacy));
            foreach (var revision in Revision.All)
            {
                var modern = ClientCapabilities.ToModern(given, revision);
                Frames.AssertJson(modern);
                Assert.Equal(modern, ClientCapabilities.ToModern(modern, revision));
                Assert.True(revision.KnowsUrlElicitation || !ClientCapabilities.Has(modern, ClientCapability.ElicitationUrl));
                Assert.True(revision.KnowsElicitation || !ClientCapabilities.Has(modern, ClientCapability.ElicitationForm));
            }
        }
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{\"tasks\":1")]
    [InlineData("{\"roots\":{\"a\":1},\"b")]
    [InlineData("{\"elicitation\":{\"url\":")]
    public void Both_BrokenText_ComesBack(string given)
    {
        Assert.Equal(given, Frames.Text(ClientCapabilities.ToLegacy(Encoding.UTF8.GetBytes(given))));
        Assert.Equal(given, Frames.Text(ClientCapabilities.ToModern(Encoding.UTF8.GetBytes(given), Revision.V2025_06_18)));
        Assert.False(ClientCapabilities.Has(Encoding.UTF8.GetBytes(given), ClientCapability.Roots));
    }
}
