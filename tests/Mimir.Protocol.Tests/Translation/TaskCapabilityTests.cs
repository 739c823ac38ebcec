using System.Text;
using Mimir.Protocol.Translation;
using Xunit;

namespace Mimir.Protocol.Tests.Translation;

public sealed class TaskCapabilityTests
{
    private const string Tasks = "\"io.modelcontextprotocol/tasks\":{}";

    [Theory]
    [InlineData("", "{\"extensions\":{" + Tasks + "}}")]
    [InlineData("{}", "{\"extensions\":{" + Tasks + "}}")]
    [InlineData("{\"roots\":{}}", "{\"extensions\":{" + Tasks + "},\"roots\":{}}")]
    [InlineData("{\"extensions\":{}}", "{\"extensions\":{" + Tasks + "}}")]
    [InlineData("{\"extensions\":{\"a/b\":{}},\"roots\":{}}", "{\"extensions\":{" + Tasks + ",\"a/b\":{}},\"roots\":{}}")]
    [InlineData("{\"extensions\":{" + Tasks + "}}", "{\"extensions\":{" + Tasks + "}}")]
    [InlineData("[]", "[]")]
    public void WithTasks_Capabilities_HaveTheExtensionOnce(string capabilities, string expected) =>
        Assert.Equal(expected, Encoding.UTF8.GetString(ClientCapabilities.WithTasks(Encoding.UTF8.GetBytes(capabilities))));

    [Theory]
    [InlineData("{\"extensions\":{" + Tasks + "}}", true)]
    [InlineData("{\"extensions\":{\"io.modelcontextprotocol\\/tasks\":{}}}", true)]
    [InlineData("{\"extensions\":{\"io.modelcontextprotocol/tasks\":false}}", false)]
    [InlineData("{" + Tasks + "}", false)]
    [InlineData("{\"tasks\":{}}", false)]
    public void HasTasks_Capabilities_IsToldByTheExtensionAlone(string capabilities, bool expected) =>
        Assert.Equal(expected, ClientCapabilities.HasTasks(Encoding.UTF8.GetBytes(capabilities)));

    [Theory]
    [InlineData("{\"name\":\"a\",\"execution\":{\"taskSupport\":\"required\"}}", TaskSupport.Required)]
    [InlineData("{\"execution\":{\"taskSupport\":\"optional\"}}", TaskSupport.Optional)]
    [InlineData("{\"execution\":{\"taskSupport\":\"forbidden\"}}", TaskSupport.Forbidden)]
    [InlineData("{\"execution\":{\"taskSupport\":\"sometimes\"}}", TaskSupport.Forbidden)]
    [InlineData("{\"taskSupport\":\"required\"}", TaskSupport.Forbidden)]
    [InlineData("{\"name\":\"a\"}", TaskSupport.Forbidden)]
    public void TaskSupportOf_Tool_IsWhatItSays(string tool, TaskSupport expected) =>
        Assert.Equal(expected, ToolDefinition.TaskSupportOf(Encoding.UTF8.GetBytes(tool)));
}
