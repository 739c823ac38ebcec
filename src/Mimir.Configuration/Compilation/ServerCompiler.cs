using System.Collections.Immutable;
using Mimir.Configuration.Model;
using Mimir.Protocol.Revisions;
using Mimir.Router.Model;

namespace Mimir.Configuration.Compilation;

/// <summary>Turns one server of a configuration without errors into its model.</summary>
internal static class ServerCompiler
{
    /// <summary>Compiles.</summary>
    /// <param name="config">The server.</param>
    /// <param name="prefix">Its prefix, chosen or made.</param>
    /// <param name="folder">Full path of the folder that relative paths start at.</param>
    public static ServerModel Compile(ServerConfig config, string prefix, string folder)
    {
        var model = new ServerModel
        {
            Name = config.Name,
            Prefix = prefix,
            Transport = config.Command.HasValue ? Process(config, folder) : config.App.HasValue ? new DoorModel(config.App.Value) : Http(config),
            Pin = Revision.Find(config.Protocol.Or("")),
            Sharing = config.Sharing.Or("") switch
            {
                "shared" => Sharing.Shared,
                "principal" => Sharing.Principal,
                "session" => Sharing.Session,
                _ => Sharing.Auto,
            },
            Resend = config.Resend.Or("") == "idempotent" ? Resending.Idempotent : Resending.Unsent,
        };
        return model with
        {
            StartupTimeout = Duration.Or(config.StartupTimeout, model.StartupTimeout),
            Autostart = config.Autostart.Or(false),
            Quarantine = config.Quarantine.HasValue ? config.Quarantine.Value : null,
            IdleTimeout = Duration.Or(config.IdleTimeout, model.IdleTimeout),
            MaxStarts = config.MaxStarts.Or(model.MaxStarts),
            CallTimeout = Duration.Or(config.CallTimeout, model.CallTimeout),
        };
    }

    private static StdioModel Process(ServerConfig config, string folder)
    {
        var workingDirectory = config.WorkingDirectory.HasValue ? Path.GetFullPath(config.WorkingDirectory.Value, folder) : null;
        return new StdioModel(
            Command(config.Command.Value, workingDirectory ?? folder),
            Texts(config.Arguments.Or([])),
            Sorted([.. config.Credentials, .. config.Environment.Or([])], StringComparer.Ordinal),
            workingDirectory)
        { Limits = Limits(config.Limits), Secrets = ServerSecrets.Of(config) };
    }

    private static ProcessLimits Limits(ServerLimitsConfig config) => new(
        config.Memory.HasValue ? config.Memory.Value : null,
        config.Processes.HasValue ? config.Processes.Value : null,
        config.OpenFiles.HasValue ? config.OpenFiles.Value : null);

    /// <summary>A bare name is looked for on the PATH; a path must not depend on where Mimir itself was started.</summary>
    private static string Command(string command, string folder) =>
        command.Contains('/', StringComparison.Ordinal) || command.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? Path.GetFullPath(command, folder)
            : command;

    private static HttpModel Http(ServerConfig config) => new(
        new Uri(config.Url.Value, UriKind.Absolute),
        Sorted(config.Headers.Or([]), StringComparer.OrdinalIgnoreCase),
        SseOnly: config.Type.Or("") == "sse" || config.Protocol.Or("") == "sse")
    { Secrets = ServerSecrets.Of(config) };

    private static ImmutableArray<string> Texts(IReadOnlyList<TextEntry> entries)
    {
        var texts = ImmutableArray.CreateBuilder<string>(entries.Count);
        foreach (var entry in entries)
        {
            texts.Add(entry.Value.Value);
        }

        return texts.MoveToImmutable();
    }

    private static ImmutableSortedDictionary<string, string> Sorted(IReadOnlyList<TextEntry> entries, StringComparer comparer)
    {
        var sorted = ImmutableSortedDictionary.CreateBuilder<string, string>(comparer);
        foreach (var entry in entries)
        {
            // What is written for a server goes before a secret of the same name.
            sorted[entry.Name] = entry.Value.Value;
        }

        return sorted.ToImmutable();
    }
}
