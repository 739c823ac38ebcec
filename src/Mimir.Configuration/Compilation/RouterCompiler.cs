using System.Collections.Immutable;
using Mimir.Configuration.Model;
using Mimir.Router.Model;

namespace Mimir.Configuration.Compilation;

/// <summary>Turns a configuration without errors into the router's model.</summary>
internal static class RouterCompiler
{
    /// <summary>Compiles.</summary>
    /// <param name="config">A configuration in which no error was found.</param>
    /// <param name="folder">Full path of the folder that relative paths start at.</param>
    public static RouterModel Compile(RouterConfig config, string folder)
    {
        var naming = Naming(config.Naming);
        var prefixes = PrefixMaker.Make(config, naming.Separator);
        var running = new HashSet<string>(StringComparer.Ordinal);
        foreach (var server in config.Servers)
        {
            if (server.IsOn)
            {
                running.Add(server.Name);
            }
        }

        var servers = ImmutableArray.CreateBuilder<ServerModel>(config.Servers.Length);
        for (var i = 0; i < prefixes.Length; i++)
        {
            if (config.Servers[i].IsOn)
            {
                servers.Add(RoutingCompiler.With(ServerCompiler.Compile(config.Servers[i], prefixes[i], folder), config.Servers[i], running));
            }
        }

        return new RouterModel
        {
            Servers = servers.DrainToImmutable(),
            Naming = naming,
            Limits = Limits(config.Limits),
            Clusters = RoutingCompiler.Clusters(config.Clusters),
            Retry = RoutingCompiler.Retry(config.Retry),
            Permissions = PermissionCompiler.Compile(config),
            Audit = Audit(config.Audit, folder),
            Management = Management(config.Management),
        };
    }

    private static ManagementModel Management(ManagementConfig config) => new(config.HasTools, BareNames: config.IsPromised)
    {
        HasSetup = config.HasSetup,
        HasInventory = config.HasInventory,
        MayChange = config.Changes.Or(false),
        Rules = [.. config.Policy.Or([]).Select(static r => new ToolRule(r.Name, r.Value.Or("") switch
        {
            "allow" => ToolVerdict.Allow,
            "confirm" => ToolVerdict.Confirm,
            _ => ToolVerdict.Deny,
        }))],
        Families = [.. config.Families.Or([]).Where(static f => f.Value.HasValue).Select(static f => f.Value.Value)],
    };

    private static AuditModel Audit(AuditConfig config, string folder)
    {
        var defaults = new AuditModel();
        return new AuditModel
        {
            Mode = config.Mode.Or("") switch
            {
                "off" => AuditMode.Off,
                "durable" => AuditMode.Durable,
                _ => defaults.Mode,
            },
            Path = config.Path.HasValue ? Path.GetFullPath(config.Path.Value, folder) : null,
            MaxBytes = config.MaxBytes.Or((int)defaults.MaxBytes),
            Keep = config.Keep.Or(defaults.Keep),
        };
    }

    private static NamingModel Naming(NamingConfig config)
    {
        var defaults = new NamingModel();
        return new NamingModel
        {
            Separator = config.Separator.Or(defaults.Separator),
            LabelsDescriptions = config.LabelDescriptions.Or(defaults.LabelsDescriptions),
            Prefix = config.Prefix.Or("") switch
            {
                "always" => PrefixMode.Always,
                "onCollision" => PrefixMode.OnCollision,
                "never" => PrefixMode.Never,
                _ => defaults.Prefix,
            },
        };
    }

    private static LimitsModel Limits(LimitsConfig config)
    {
        var defaults = new LimitsModel();
        return new LimitsModel
        {
            MaxMessageBytes = config.MaxMessageBytes.Or(defaults.MaxMessageBytes),
            MaxDepth = config.MaxDepth.Or(defaults.MaxDepth),
            MaxBatch = config.MaxBatch.Or(defaults.MaxBatch),
            MaxInFlight = config.MaxInFlight.Or(defaults.MaxInFlight),
            MaxQueuedBytes = config.MaxQueuedBytes.Or(defaults.MaxQueuedBytes),
            MaxSessions = config.MaxSessions.Or(defaults.MaxSessions),
            SessionIdle = Duration.Or(config.SessionIdle, defaults.SessionIdle),
            MaxParked = config.MaxParked.Or(defaults.MaxParked),
            ParkTimeout = Duration.Or(config.ParkTimeout, defaults.ParkTimeout),
            MaxProcesses = config.MaxProcesses.Or(defaults.MaxProcesses),
            MaxProcessMemory = config.MaxProcessMemory.Or(defaults.MaxProcessMemory),
            ListGrace = Duration.Or(config.ListGrace, defaults.ListGrace),
            PageSize = config.PageSize.Or(defaults.PageSize),
        };
    }
}
