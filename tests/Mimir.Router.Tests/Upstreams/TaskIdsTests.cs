using System.Text;
using Mimir.Protocol.Envelopes;
using Mimir.Router.Upstreams;

namespace Mimir.Router.Tests.Upstreams;

public sealed class TaskIdsTests
{
    [Theory]
    [InlineData("git.1", true, "git", "1")]
    [InlineData("git.a.b.c", true, "git", "a.b.c")]
    [InlineData("git.", true, "git", "")]
    [InlineData(".1", false, "", ".1")]
    [InlineData("plain", false, "", "plain")]
    [InlineData("", false, "", "")]
    public void TrySplit_Text_CutsAtTheFirstDot(string text, bool found, string tag, string id)
    {
        Assert.Equal(found, TaskIds.TrySplit(Encoding.UTF8.GetBytes(text), out var foundTag, out var foundId));
        Assert.Equal((tag, id), (Encoding.UTF8.GetString(foundTag), Encoding.UTF8.GetString(foundId)));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"taskId":"1","status":"working"}}""", McpMethod.TasksGet, """{"jsonrpc":"2.0","id":1,"result":{"taskId":"git.1","status":"working"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"task":{"taskId":"a.b"}}}""", McpMethod.ToolsCall, """{"jsonrpc":"2.0","id":1,"result":{"task":{"taskId":"git.a.b"}}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"resultType":"task","taskId":"1"}}""", McpMethod.ToolsCall, """{"jsonrpc":"2.0","id":1,"result":{"resultType":"task","taskId":"git.1"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"taskId":"1"}}""", McpMethod.ToolsCall, null)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"structuredContent":{"taskId":"1"}}}""", McpMethod.ToolsCall, null)]
    [InlineData("""{"jsonrpc":"2.0","id":1,"result":{"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"1"}}}}""", McpMethod.TasksResult, """{"jsonrpc":"2.0","id":1,"result":{"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"git.1"}}}}""")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/tasks/status","params":{"taskId":"1","status":"x"}}""", McpMethod.TasksStatus, """{"jsonrpc":"2.0","method":"notifications/tasks/status","params":{"taskId":"git.1","status":"x"}}""")]
    public void Wrap_Message_TagsWhatIsTheProtocolsAndNothingOfATool(string text, McpMethod method, string? expected)
    {
        Assert.Equal(expected ?? text, Wrap(text, method, "git."u8.ToArray()));
        Assert.Equal(text, Wrap(text, method, null));
    }

    private static string Wrap(string text, McpMethod method, byte[]? tag)
    {
        var frame = Encoding.UTF8.GetBytes(text);
        Assert.Equal(ScanStatus.Ok, EnvelopeScanner.Scan(frame, 64, out var envelope));
        scoped SpliceList splices = default;
        TaskIds.Wrap(ref splices, frame, envelope, method, tag);
        var output = new byte[splices.LengthOf(frame)];
        splices.CopyTo(frame, output);
        return Encoding.UTF8.GetString(output);
    }
}
