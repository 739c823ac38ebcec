using System.Text;
using System.Text.Json;
using Mimir.Protocol.Revisions;
using Mimir.Router.State;

namespace Mimir.Router.Tests.State;

public sealed class ClientProfileTests
{
    [Fact]
    public void Create_SameCapabilitiesWrittenOtherwise_IsTheSameObject() => Assert.Same(
        Create("""{"experimental":{"b":1,"a":[2,{"d":1,"c":null}]},"x":{}}"""),
        Create(""" { "x" : { } , "experimental" : { "a":[2,{"c":null,"d":1}], "b" : 1 } } """));

    [Theory]
    [InlineData("""{"experimental":{"a":1}}""", """{"experimental":{"a":2}}""")]
    [InlineData("""{"experimental":{"a":[1,2]}}""", """{"experimental":{"a":[2,1]}}""")]
    [InlineData("{}", """{"roots":{}}""")]
    public void Create_OtherCapabilities_IsAnother(string one, string other) => Assert.NotEqual(Create(one).Key, Create(other).Key);

    [Fact]
    public void Create_OtherRevision_IsAnother() =>
        Assert.NotEqual(ClientProfile.Create(Revision.LatestLegacy, "{}"u8).Key, ClientProfile.Create(Revision.Find("2025-06-18")!, "{}"u8).Key);

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{"experimental":{"roots":{}}}""", false)]
    [InlineData("""{"roots":{}}""", true)]
    [InlineData("""{"sampling":{}}""", true)]
    [InlineData("""{"elicitation":{}}""", true)]
    [InlineData("""{"tasks":{}}""", true)]
    public void Askable_Capabilities_AsTheyAllowQuestions(string capabilities, bool askable) => Assert.Equal(askable, Create(capabilities).Askable);

    [Theory]
    [InlineData("{}", "{}")]
    [InlineData("""{"made up":{},"tasks":{},"experimental":{},"roots":true}""", "{}")]
    [InlineData("""{"roots":{"listChanged":true}}""", """{"roots":{}}""")]
    [InlineData("""{"sampling":{"tools":{"x":1},"context":{},"x":{}},"elicitation":{"url":{},"x":{}}}""", """{"elicitation":{"url":{}},"sampling":{"context":{},"tools":{}}}""")]
    [InlineData("""{"elicitation":{}, "elicitation":{}}""", """{"elicitation":{}}""")]
    [InlineData(
        """{"extensions":{"io.modelcontextprotocol/ui":{"mimeTypes":["a"]},"io.modelcontextprotocol/tasks":{}},"experimental":{"b":1}}""",
        """{"experimental":{"b":1},"extensions":{"io.modelcontextprotocol/ui":{"mimeTypes":["a"]}}}""")]
    public void CreateModern_Capabilities_AreThoseALegacyServerCanActOn(string declared, string told) =>
        Assert.Equal(told, Encoding.UTF8.GetString(ClientProfile.CreateModern(Encoding.UTF8.GetBytes(declared)).Capabilities.Span));

    [Fact]
    public void Bare_Capabilities_AreTheQuestionsTheClientTakes()
    {
        var profile = ClientProfile.CreateModern("""{"extensions":{"a":{}},"experimental":{"b":1},"elicitation":{"form":{}}}"""u8);

        Assert.Equal("""{"elicitation":{"form":{}}}""", Encoding.UTF8.GetString(profile.Bare().Capabilities.Span));
        Assert.Same(profile.Bare(), profile.Bare().Bare());
    }

    [Fact]
    public void Create_EmptyBytes_IsThePlainProfile() => Assert.Same(ClientProfile.Plain, ClientProfile.Create(Revision.LatestLegacy, default));

    [Theory]
    [InlineData("{")]
    [InlineData("""{"a":1}}""")]
    public void Create_NoJson_Throws(string text) => Assert.ThrowsAny<JsonException>(() => Create(text));

    [Fact]
    public void Create_Capabilities_NumbersAndTextAreUntouched() =>
        Assert.Equal("""{"a":1.0e+2,"b":"x"}""", Encoding.UTF8.GetString(Create("""{"b":"x","a":1.0e+2}""").Capabilities.Span));

    private static ClientProfile Create(string capabilities) => ClientProfile.Create(Revision.LatestLegacy, Encoding.UTF8.GetBytes(capabilities));
}
