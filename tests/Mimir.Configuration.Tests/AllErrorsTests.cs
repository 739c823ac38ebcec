using Mimir.Configuration.Tests.Support;

namespace Mimir.Configuration.Tests;

public sealed class AllErrorsTests
{
    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Load_ManyFaultsInManyFiles_AreAllReportedInOrderOfPlace(string end)
    {
        using var w = new Workspace();
        var main = w.Write("mimir.json", string.Join(
            end,
            "{ // comment",
            "  \"mcpServers\": {",
            "    /* two",
            "       lines */ \"one\": { \"comand\": \"x\" },",
            "    \"two\": { \"command\": \"${GONE}\", \"callTimeout\": \"soon\", \"prefix\": \"_p\" },",
            "    \"three\": { \"url\": \"ftp://h/\", \"headers\": { \"Host\": \"h\" }, \"description\": \"d\" },",
            "    \"a/b\": { \"command\": \"x\", \"url\": \"http://h/\" },",
            "  },",
            "  \"naming\": { \"separator\": \"??\" },",
            "  \"limits\": { \"maxBatch\": 0, \"maxBatch\": 1, \"maxDepht\": 9 },",
            "}"));
        var extra = w.Write("servers/extra.json", $"{end}{{ \"sharing\": \"all\" }}");
        var two = w.Write("servers/two.json", "{ \"command\": \"x\" }");
        var zzz = w.Write("servers/zzz.json", "{ ");

        var result = w.Load();

        Assert.Null(result.Model);
        Assert.Equal(
            [
                $"{main}:4:17: error: mcpServers.one: has neither command nor url",
                $"{main}:4:26: error: mcpServers.one.comand: is not a key of a server",
                $"{main}:5:25: error: mcpServers.two.command: the environment variable GONE is not set",
                $"{main}:5:51: error: mcpServers.two.callTimeout: \"soon\" is not a duration",
                $"{main}:5:69: error: mcpServers.two.prefix: \"_p\" is no prefix",
                $"{main}:6:23: error: mcpServers.three.url: is no http address",
                $"{main}:6:48: error: mcpServers.three.headers.Host: is sent by Mimir itself",
                $"{main}:6:63: warning: mcpServers.three.description: has no effect here",
                $"{main}:7:5: error: mcpServers[\"a/b\"]: the name holds a slash or backslash",
                $"{main}:7:37: error: mcpServers[\"a/b\"].url: command and url exclude each other, on lines 7 and 7",
                $"{main}:9:28: error: naming.separator: \"??\" is no separator",
                $"{main}:10:27: error: limits.maxBatch: 0 is too small",
                $"{main}:10:30: error: limits.maxBatch: stands twice, on lines 10 and 10",
                $"{main}:10:45: error: limits.maxDepht: is not a key of limits",
                $"{extra}:2:1: error: mcpServers.extra: has neither command nor url",
                $"{extra}:2:14: error: mcpServers.extra.sharing: \"all\" is not one of auto, shared, principal, session",
                $"{two}:1:1: error: mcpServers.two: this server is configured twice: here and in {main}:5:5",
                $"{zzz}:1:3: error: mcpServers.zzz: the file ends, and the {{ of line 1 is not closed",
            ],
            result.Issues.Select(issue => issue.ToString()[..^(issue.Remedy.Length + 2)]));
    }
}
