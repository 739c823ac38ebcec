using Mimir.Management.Memory;
using Mimir.Management.Skills;
using Mimir.Router.Engine;
using Mimir.Router.Model;
using Mimir.Router.Model.Skills;
using Mimir.Router.Upstreams.InProcess;
using Mimir.Supervisor.Registry;

namespace Mimir.Cli.Composition;

/// <summary>The servers inside this program that hand out skills and agents, and keep texts.</summary>
internal static class OwnServers
{
    /// <summary>Adds those that a model wants. A start without them is not to load what they are made of.</summary>
    public static RouterModel AddTo(RouterModel model)
    {
        model = model.Skills.All.IsEmpty ? model : SkillServer.AddTo(model);
        return model.Memory.IsKept ? MemoryToolServer.AddTo(model) : model;
    }

    /// <summary>Says how they are served.</summary>
    /// <param name="servers">Takes them, by their names.</param>
    /// <param name="engine">Gives the router, whose model they go by; asked once one of them is connected to.</param>
    /// <param name="state">The state of the user, or null without a home.</param>
    /// <param name="log">Takes sentences for the operator.</param>
    public static void AddTo(Dictionary<string, InProcessServer> servers, Func<RouterEngine> engine, StateFolder? state, Action<string> log)
    {
        servers[SkillsModel.ServerName] = (input, output, stop) => SkillServer.RunAsync(() => engine().Model.Skills, input, output, stop);
        servers[MemoryModel.ServerName] = (input, output, stop) => MemoryToolServer.RunAsync(() => engine().Model.Memory, MemoryPath(state), log, input, output, stop);
    }

    /// <summary>Full path of the memory where nobody chose another; null without a home.</summary>
    public static string? MemoryPath(StateFolder? state) => state is null ? null : Path.Combine(state.Path, "memory", "memory.jsonl");
}
