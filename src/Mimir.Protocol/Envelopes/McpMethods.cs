using System.Text;

namespace Mimir.Protocol.Envelopes;

/// <summary>Names of methods on the wire, and what is true of a method whatever the message.</summary>
public static class McpMethods
{
    private static readonly string[] Names =
    [
        "",
        "initialize",
        "ping",
        "server/discover",
        "tools/list",
        "tools/call",
        "prompts/list",
        "prompts/get",
        "resources/list",
        "resources/templates/list",
        "resources/read",
        "resources/subscribe",
        "resources/unsubscribe",
        "subscriptions/listen",
        "completion/complete",
        "logging/setLevel",
        "tasks/get",
        "tasks/result",
        "tasks/list",
        "tasks/cancel",
        "tasks/update",
        "sampling/createMessage",
        "roots/list",
        "elicitation/create",
        "notifications/initialized",
        "notifications/cancelled",
        "notifications/progress",
        "notifications/message",
        "notifications/tools/list_changed",
        "notifications/prompts/list_changed",
        "notifications/resources/list_changed",
        "notifications/resources/updated",
        "notifications/roots/list_changed",
        "notifications/elicitation/complete",
        "notifications/subscriptions/acknowledged",
        "notifications/tasks/status",
        "notifications/tasks",
    ];

    private static readonly byte[][] Utf8Names = [.. Names.Select(Encoding.ASCII.GetBytes)];

    private static readonly McpMethod[][] ByLength = GroupByLength();

    /// <summary>Finds a method by its decoded name.</summary>
    public static McpMethod Find(ReadOnlySpan<byte> name)
    {
        // The one method of the hot path first: a single comparison.
        if (name.SequenceEqual("tools/call"u8))
        {
            return McpMethod.ToolsCall;
        }

        if (name.Length < ByLength.Length)
        {
            foreach (var candidate in ByLength[name.Length])
            {
                if (name.SequenceEqual(Utf8Names[(int)candidate]))
                {
                    return candidate;
                }
            }
        }

        return McpMethod.Unknown;
    }

    /// <summary>The name on the wire; empty for <see cref="McpMethod.Unknown"/>.</summary>
    public static string NameOf(McpMethod method) => Names[(int)method];

    /// <summary>The name on the wire as bytes; empty for <see cref="McpMethod.Unknown"/>.</summary>
    public static ReadOnlySpan<byte> Utf8NameOf(McpMethod method) => Utf8Names[(int)method];

    /// <summary>Requests and notifications a client of the modern era may send (core and the tasks extension).</summary>
    public static bool IsModernClientMethod(McpMethod method) => method is
        McpMethod.Discover or McpMethod.Complete or McpMethod.PromptsGet or McpMethod.PromptsList or McpMethod.ResourcesList
        or McpMethod.ResourceTemplatesList or McpMethod.ResourcesRead or McpMethod.Listen or McpMethod.ToolsCall or McpMethod.ToolsList
        or McpMethod.TasksGet or McpMethod.TasksUpdate or McpMethod.TasksCancel or McpMethod.Cancelled;

    /// <summary>Methods in the middle of which a server may ask its client something (2026-07-28, multi round-trip requests).</summary>
    public static bool MayAsk(McpMethod method) => method is McpMethod.ToolsCall or McpMethod.PromptsGet or McpMethod.ResourcesRead;

    /// <summary>Methods whose target is <c>params.name</c>.</summary>
    public static bool TargetsName(McpMethod method) => method is McpMethod.ToolsCall or McpMethod.PromptsGet;

    /// <summary>Methods whose target is <c>params.uri</c>.</summary>
    public static bool TargetsUri(McpMethod method) =>
        method is McpMethod.ResourcesRead or McpMethod.ResourcesSubscribe or McpMethod.ResourcesUnsubscribe;

    /// <summary>Methods whose target is <c>params.taskId</c>.</summary>
    public static bool TargetsTask(McpMethod method) =>
        method is McpMethod.TasksGet or McpMethod.TasksResult or McpMethod.TasksCancel or McpMethod.TasksUpdate;

    /// <summary>Plain loops: a process that answers its first message must not wait for generic code to be compiled.</summary>
    private static McpMethod[][] GroupByLength()
    {
        var longest = 0;
        foreach (var name in Utf8Names)
        {
            longest = Math.Max(longest, name.Length);
        }

        var groups = new McpMethod[longest + 1][];
        for (var i = 0; i < groups.Length; i++)
        {
            groups[i] = [];
        }

        for (var i = 1; i < Utf8Names.Length; i++)
        {
            ref var group = ref groups[Utf8Names[i].Length];
            group = [.. group, (McpMethod)i];
        }

        return groups;
    }
}
