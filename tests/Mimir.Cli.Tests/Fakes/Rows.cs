using System.Text;
using Mimir.Cli.Hosting;
using Mimir.Protocol.Revisions;
using Mimir.Router.Engine;
using Mimir.Router.State;
using Mimir.Router.State.Health;

namespace Mimir.Cli.Tests.Fakes;

/// <summary>Rows that tests begin with.</summary>
internal static class Rows
{
    public static HealthSnapshot Well { get; } = new(true, "", BreakerState.Closed, HasBreaker: false, 0, "", 0, 0);

    public static ServerRow Ready(string name = "demo", int tools = 4) => new()
    {
        Name = name,
        State = UpstreamStatus.Ready,
        Transport = "in-process",
        Revision = Revision.V2026_07_28,
        Tools = tools,
        Prompts = 1,
        Resources = 1,
        Templates = 1,
        Health = Well,
    };

    public static ServerRow Failed(string name, string detail) =>
        new() { Name = name, State = UpstreamStatus.Failed, Transport = "stdio", Detail = detail };

    public static ServerRow Starting(string name) => new() { Name = name, State = UpstreamStatus.Starting, Transport = "stdio" };

    public static ToolRow Tool(string name, Era era = Era.Modern, string? description = "Does things.", string? definition = null) => new()
    {
        Name = name,
        Server = "demo",
        Era = era,
        Description = description,
        Definition = Encoding.UTF8.GetBytes(definition ?? "{\"name\":\"" + name + "\",\"inputSchema\":{\"type\":\"object\"}}"),
    };
}
