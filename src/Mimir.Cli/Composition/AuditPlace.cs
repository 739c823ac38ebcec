using Mimir.Configuration;
using Mimir.Configuration.Sources;
using Mimir.Router.Model;
using Mimir.Router.Policies.Audit;
using Mimir.Supervisor.Registry;

namespace Mimir.Cli.Composition;

/// <summary>Where the audit log of the user is.</summary>
internal static class AuditPlace
{
    /// <summary>Full path of the log where nobody chose another; null without a home.</summary>
    public static string? Usual(StateFolder? state) => state is null ? null : Path.Combine(state.Path, "audit", "audit.log");

    /// <summary>A log to write to.</summary>
    /// <param name="model">How it is kept.</param>
    /// <param name="state">The state of the user, or null without a home.</param>
    /// <param name="say">Takes sentences for the operator.</param>
    public static AuditLog Open(AuditModel model, StateFolder? state, Action<string> say) =>
        new(model, Usual(state), Guid.NewGuid().ToString("N")[..8], TimeProvider.System, say);

    /// <summary>How a configuration wants it kept; as by default where the configuration has errors, which other commands tell.</summary>
    /// <param name="config">A file or folder of configuration, or null for the default places.</param>
    public static AuditModel ModelOf(string? config) =>
        ConfigLoader.Load(ConfigLocation.Find(config, ProcessEnvironment.Instance), ProcessEnvironment.Instance, UserVault.Instance).Model?.Audit ?? new AuditModel();
}
