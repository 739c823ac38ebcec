using Mimir.Configuration.Tests.Support;
using Mimir.Router.Model;

namespace Mimir.Configuration.Tests.Binding;

public sealed class ValueReaderTests
{
    [Theory]
    [InlineData("30", 30_000)]
    [InlineData("0.5", 500)]
    [InlineData("\"500ms\"", 500)]
    [InlineData("\"30s\"", 30_000)]
    [InlineData("\"1.5s\"", 1500)]
    [InlineData("\"5m\"", 300_000)]
    [InlineData("\"1h\"", 3_600_000)]
    [InlineData("\"100.5ms\"", 101)]
    [InlineData("\"100ms\"", 100)]
    [InlineData("\"24h\"", 86_400_000)]
    public void Duration_Written_IsRead(string json, int milliseconds) => Assert.Equal(
        TimeSpan.FromMilliseconds(milliseconds),
        Expect.Server(Workspace.LoadServer($"\"command\": \"x\", \"callTimeout\": {json}")).CallTimeout);

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"s\"")]
    [InlineData("\"45\"")]
    [InlineData("\"5 s\"")]
    [InlineData("\" 5s\"")]
    [InlineData("\"5d\"")]
    [InlineData("\"5S\"")]
    [InlineData("\"-5s\"")]
    [InlineData("\"1,5s\"")]
    [InlineData("\"1.s\"")]
    [InlineData("\".5s\"")]
    [InlineData("\"1e3s\"")]
    [InlineData("\"1m30s\"")]
    [InlineData("\"99999999999999999999s\"")]
    [InlineData("1e2")]
    [InlineData("-3")]
    public void Duration_Misspelled_SaysHow(string json) =>
        Expect.Error(Workspace.LoadServer($"\"command\": \"x\", \"callTimeout\": {json}"), "mcpServers.a.callTimeout", "is not a duration", "100ms to 24h");

    [Theory]
    [InlineData("0", "too small")]
    [InlineData("\"99ms\"", "too small")]
    [InlineData("86401", "too large")]
    [InlineData("999999999999999", "too large")]
    public void Duration_OutOfBounds_NamesBounds(string json, string message) =>
        Expect.Error(Workspace.LoadServer($"\"command\": \"x\", \"callTimeout\": {json}"), "mcpServers.a.callTimeout", message, "Write 100ms to 24h");

    [Theory]
    [InlineData("65536", 65536)]
    [InlineData("\"65536\"", 65536)]
    [InlineData("\"64KiB\"", 65536)]
    [InlineData("\"16MiB\"", 16 << 20)]
    [InlineData("\"1GiB\"", 1 << 30)]
    public void Size_Written_IsRead(string json, int bytes) => Assert.Equal(
        bytes, Expect.Clean(Workspace.LoadText($"{{ \"limits\": {{ \"maxMessageBytes\": {json} }} }}")).Limits.MaxMessageBytes);

    [Theory]
    [InlineData("\"16MB\"", "is not a size")]
    [InlineData("\"16 MiB\"", "is not a size")]
    [InlineData("\"KiB\"", "is not a size")]
    [InlineData("\"1.5MiB\"", "is not a size")]
    [InlineData("1.5", "is not a size")]
    [InlineData("-1", "is not a size")]
    [InlineData("\"\"", "is not a size")]
    [InlineData("\"99999999999GiB\"", "is not a size")]
    [InlineData("65535", "too small")]
    [InlineData("1073741825", "too large")]
    [InlineData("\"2147483647GiB\"", "too large")]
    public void Size_Wrong_NamesBounds(string json, string message) => Expect.Error(
        Workspace.LoadText($"{{ \"limits\": {{ \"maxMessageBytes\": {json} }} }}"), "limits.maxMessageBytes", message, "64KiB to 1GiB");

    [Theory]
    [InlineData("\"7\"", "\"7\" is not a whole number")]
    [InlineData("7.5", "7.5 is not a whole number")]
    [InlineData("7e1", "7e1 is not a whole number")]
    [InlineData("true", "must be a whole number, and is a boolean")]
    [InlineData("null", "must be a whole number, and is null")]
    [InlineData("0", "0 is too small")]
    [InlineData("10001", "10001 is too large")]
    [InlineData("123456789012345678901234567890", "is not a whole number")]
    public void Count_Wrong_NamesBounds(string json, string message) =>
        Expect.Error(Workspace.LoadText($"{{ \"limits\": {{ \"maxBatch\": {json} }} }}"), "limits.maxBatch", message, "1 to 10000");

    [Theory]
    [InlineData("\"true\"", "\"true\" is not true or false")]
    [InlineData("1", "1 is not true or false")]
    [InlineData("null", "must be true or false, and is null")]
    public void Flag_Wrong_IsAnError(string json, string message) =>
        Expect.Error(Workspace.LoadServer($"\"command\": \"x\", \"enabled\": {json}"), "mcpServers.a.enabled", message, "without quotes");

    [Theory]
    [InlineData("type", "\"htttp\"", "\"htttp\" is not one of stdio, http, sse", "Did you mean \"http\"?")]
    [InlineData("type", "\"streamablehttp\"", "not one of", "Did you mean \"streamableHttp\"?")]
    [InlineData("type", "\"websocket\"", "not one of", "Write one of them")]
    [InlineData("sharing", "\"sesion\"", "not one of auto, shared, principal, session", "Did you mean \"session\"?")]
    [InlineData("protocol", "\"2025-11-26\"", "not one of auto, 2024-11-05, 2025-03-26, 2025-06-18, 2025-11-25, 2026-07-28, sse", "Did you mean \"2025-11-25\"?")]
    [InlineData("sharing", "true", "must be a string, and is a boolean", "Write \"sharing\": \"auto\"")]
    public void Choice_Wrong_NamesTheWords(string key, string json, string message, string remedy) =>
        Expect.Error(Workspace.LoadServer($"\"url\": \"http://h/\", \"{key}\": {json}"), $"mcpServers.a.{key}", message, remedy);

    [Theory]
    [InlineData("command", "[]", "must be a string, and is an array")]
    [InlineData("command", "null", "must be a string, and is null")]
    [InlineData("command", "\"\"", "is empty")]
    [InlineData("cwd", "7", "must be a string, and is a number")]
    [InlineData("args", "\"-y\"", "must be an array of strings, and is a string")]
    [InlineData("args", "{}", "must be an array of strings, and is an object")]
    [InlineData("env", "[\"A=1\"]", "must be an object of strings, and is an array")]
    public void Kind_Wrong_IsAnErrorWithAnExample(string key, string json, string message)
    {
        var body = key == "command" ? "" : "\"command\": \"x\", ";
        Expect.Error(Workspace.LoadServer($"{body}\"{key}\": {json}"), $"mcpServers.a.{key}", message, key == "command" && json == "\"\"" ? "1 to 4096" : $"\"{key}\": ");
    }

    [Theory]
    [InlineData("\"args\": [\"a\", null]", "args[1]", "must be a string, and is null")]
    [InlineData("\"args\": [[]]", "args[0]", "must be a string, and is an array")]
    [InlineData("\"env\": { \"A\": {} }", "env.A", "must be a string, and is an object")]
    [InlineData("\"env\": { \"A\": null }", "env.A", "must be a string, and is null")]
    public void Entry_OfAnotherKind_IsAnError(string body, string key, string message) =>
        Expect.Error(Workspace.LoadServer($"\"command\": \"x\", {body}"), $"mcpServers.a.{key}", message);

    [Fact]
    public void Entry_NumberOrBoolean_StandsForItsText()
    {
        var model = (StdioModel)Expect.Server(Workspace.LoadServer("\"command\": \"x\", \"args\": [8080, 1.50, true], \"env\": { \"PORT\": 8080, \"V\": false }")).Transport;

        Assert.Equal(["8080", "1.50", "true"], model.Arguments);
        Assert.Equal([new("PORT", "8080"), new("V", "false")], model.Environment);
    }

    [Fact]
    public void Entry_TooLongOrTooMany_IsAnError()
    {
        Expect.Error(Workspace.LoadServer($"\"command\": \"x\", \"args\": [\"{new string('a', 131_073)}\"]"), "mcpServers.a.args[0]", "has 131073 characters");
        Expect.Error(
            Workspace.LoadServer($"\"command\": \"x\", \"args\": [{string.Join(",", Enumerable.Repeat("\"a\"", 1025))}]"), "mcpServers.a.args", "has 1025 entries", "at most 1024");
        Expect.Error(Workspace.LoadServer($"\"command\": \"{new string('a', 4097)}\""), "mcpServers.a.command", "has 4097 characters");
    }

    [Theory]
    [InlineData("[]", "", "must be an object, and is an array")]
    [InlineData("7", "", "must be an object, and is a number")]
    [InlineData("{ \"mcpServers\": [] }", "mcpServers", "must be an object, and is an array")]
    [InlineData("{ \"mcpServers\": { \"a\": \"npx\" } }", "mcpServers.a", "must be an object, and is a string")]
    [InlineData("{ \"naming\": \"_\" }", "naming", "must be an object, and is a string")]
    [InlineData("{ \"limits\": null }", "limits", "must be an object, and is null")]
    public void Object_OfAnotherKind_IsAnError(string json, string key, string message) => Expect.Error(Workspace.LoadText(json), key, message);

    [Theory]
    [InlineData("stdio", "\"command\": \"x\"", "stdio")]
    [InlineData("http", "\"url\": \"http://h/\"", "http")]
    [InlineData("streamable-http", "\"url\": \"http://h/\"", "http")]
    [InlineData("streamableHttp", "\"url\": \"http://h/\"", "http")]
    [InlineData("streamable_http", "\"url\": \"http://h/\"", "http")]
    [InlineData("sse", "\"url\": \"http://h/\"", "sse")]
    [InlineData("http", "\"serverUrl\": \"http://h/\"", "http")]
    [InlineData("http", "\"httpUrl\": \"http://h/\"", "http")]
    public void Type_InEverySpelling_IsTaken(string type, string way, string kind)
    {
        Assert.Equal(kind, Expect.Server(Workspace.LoadServer($"{way}, \"type\": \"{type}\"")).Transport.Kind);
        Assert.Equal(kind, Expect.Server(Workspace.LoadServer($"{way}, \"transport\": \"{type}\"")).Transport.Kind);
    }

    [Theory]
    [InlineData("always", PrefixMode.Always)]
    [InlineData("onCollision", PrefixMode.OnCollision)]
    [InlineData("on-collision", PrefixMode.OnCollision)]
    [InlineData("never", PrefixMode.Never)]
    public void NamingPrefix_InEverySpelling_IsTaken(string written, PrefixMode expected) =>
        Assert.Equal(expected, Expect.Clean(Workspace.LoadText($"{{ \"naming\": {{ \"prefix\": \"{written}\" }} }}")).Naming.Prefix);
}
