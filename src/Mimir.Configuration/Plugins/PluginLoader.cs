using System.Collections.Immutable;
using Mimir.Configuration.Binding;
using Mimir.Configuration.Inventory;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Model;
using Mimir.Configuration.Readers;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;
using Mimir.Configuration.Validation;
using Mimir.Router.Model.Credentials;
using Mimir.Router.Model.Routing;

namespace Mimir.Configuration.Plugins;

/// <summary>Loads one plugin after the other.</summary>
/// <param name="settings">What the operator says of all.</param>
/// <param name="gate">Which of them are run.</param>
/// <param name="book">The inventory.</param>
/// <param name="environment">Where variables are looked up.</param>
/// <param name="secrets">Where secrets are.</param>
/// <param name="isUncertain">Whether there are errors already that may be why something is missing.</param>
internal sealed class PluginLoader(PluginSettings settings, ProfileGate gate, InventoryBook book, IEnvironment environment, SecretLookup secrets, bool isUncertain)
{
    // What Mimir itself puts before names.
    private static readonly string[] Reserved = ["agent", "inventory", "mcp", "mcpmu", "memory", "mimir", "router", "setup", "skill"];

    private readonly List<string> _files = [];

    /// <summary>Full paths of the files besides the manifests on which it depends what is started.</summary>
    public ImmutableArray<string> Files => [.. _files.Distinct(StringComparer.Ordinal)];

    /// <summary>Loads.</summary>
    /// <param name="file">Full path of the manifest.</param>
    /// <param name="taken">Names that are taken, and where.</param>
    /// <param name="issues">Told what is wrong with this plugin.</param>
    /// <returns>What became of it, and the server that it is when it is run.</returns>
    public (PluginReport Report, ConfigMember? Server) Load(string file, IReadOnlyDictionary<string, string> taken, IssueList issues)
    {
        var folder = new PluginFolder(Path.GetDirectoryName(file)!);
        var report = new PluginReport(Path.GetFileName(folder.Path), file, PluginStatus.Quarantined);
        if (BoundedFile.Read(file, issues) is not { } bytes || TomlTree.Read(bytes, file, KeyPath.Top, issues) is not { } tree)
        {
            return (SetAside(report, issues), null);
        }

        var literal = new ValueReader(issues, new Expander(environment, issues), mayLack: false);
        var manifest = new ManifestReader(literal, issues).Read(LiteralText.Escape(tree));
        report = report with
        {
            Name = manifest.Name.Or(report.Name),
            Version = manifest.Version.Or(""),
            Description = manifest.Description.Or(""),
            AsksConfinement = !manifest.Confinements.IsEmpty,
            LacksSecurity = manifest.Security is null,
            Access = manifest.Access,
            Command = CommandOf(manifest.Runtime),
            CredentialRefs = [.. manifest.CredentialRefs.Or([]).Where(r => r.Value.HasValue).Select(r => r.Value.Value)],
        };
        Check(manifest, issues);
        if (issues.HasErrors)
        {
            return (SetAside(report, issues), null);
        }

        var isSwitched = settings.Switches.TryGetValue(report.Name, out var switched);
        if (isSwitched ? !switched : !manifest.Enabled.Or(true))
        {
            return (report with { Status = PluginStatus.Disabled, Reason = isSwitched ? $"it is switched off: mimir enable {report.Name}" : "its manifest says enabled = false" }, null);
        }

        if (gate.Allowed?.ContainsKey(report.Name) == false)
        {
            return (report with { Status = PluginStatus.DisabledByProfile, Reason = gate.Reason }, null);
        }

        if (taken.TryGetValue(report.Name, out var other))
        {
            issues.Error(manifest.Name.Source!, $"is the name of another server or plugin, in {other}", "Give one of the two another name");
        }

        var launch = new PluginLaunch(folder, new InventoryTemplate(folder.Path, book, manifest.Access, issues), issues);
        var server = Server(manifest, launch.Turn(manifest.Runtime!));
        _files.AddRange(launch.Files);
        report = report with { Stamp = $"{report.Version} {launch.Stamp}" };
        if (!issues.HasErrors)
        {
            foreach (var fault in ServerTrial.Faults(server, environment, secrets))
            {
                issues.Take(fault);
            }
        }

        if (issues.HasErrors)
        {
            return (SetAside(report, issues), null);
        }

        var missing = Missing(manifest);
        if (missing.IsEmpty)
        {
            return (report with { Status = PluginStatus.Ok }, server);
        }

        var reason = $"waits for {string.Join(", ", missing.Select(m => $"{m.Kind} {m.Detail}"))}";
        if (!isUncertain)
        {
            issues.Warning(manifest.Name.Source!, $"is not run: it {reason}", "Run: mimir doctor");
        }

        return (report with { Status = PluginStatus.PendingSetup, Reason = reason, Missing = missing }, null);
    }

    /// <summary>Whether one whose manifest is broken may go on as it was: what the operator says holds for it as well.</summary>
    public bool MayGoOn(PluginRemains before) =>
        gate.Allowed?.ContainsKey(before.Server.Name) != false
        && !(before.LacksSecurity && settings.IsStrict)
        && (!before.AsksConfinement || IsUnconfined(before.Server.Name));

    private static ImmutableArray<string> CommandOf(PluginRuntime? runtime) => runtime is null || !(runtime.Command.HasValue || runtime.Entry.HasValue)
        ? []
        : [runtime.Command.Or(runtime.Entry.Or("")), .. runtime.Arguments.Or([]).Where(a => a.Value.HasValue).Select(a => a.Value.Value)];

    private static PluginReport SetAside(PluginReport report, IssueList issues)
    {
        var first = issues.Found.First(i => i.Severity == IssueSeverity.Error);
        var place = first.Line == 0 ? "" : $"line {first.Line}: ";
        return report with { Reason = $"{place}{(first.Key.Length == 0 ? "" : first.Key + " ")}{first.Message}. {first.Remedy}" };
    }

    private static ConfigMember Server(PluginManifest manifest, ImmutableArray<ConfigMember> launch)
    {
        var members = launch.ToBuilder();
        if (manifest.CredentialRefs.Source is { } refs)
        {
            members.Add(new ConfigMember("credentialRefs", refs.Mark, refs));
        }

        // An empty list of ours allows none, and an empty one of theirs says nothing.
        if (manifest.Whitelist is { } white && !(white.Kind == ConfigKind.Array && white.Items.IsEmpty))
        {
            members.Add(new ConfigMember("allowedTools", white.Mark, white));
        }

        if (manifest.Blacklist is { } black)
        {
            members.Add(new ConfigMember("deniedTools", black.Mark, black));
        }

        var name = manifest.Name.Source!;
        return new ConfigMember(manifest.Name.Value, name.Mark, ConfigNode.Object(manifest.Source.Mark, KeyPath.Top, members.ToImmutable()));
    }

    private void Check(PluginManifest manifest, IssueList issues)
    {
        if (manifest.Security is null && settings.IsStrict)
        {
            issues.Error(manifest.Source, "has no [security]", "Write [security], and below it: credential_refs = []; or set plugins.strictManifest to false in mimir.json");
        }

        if (manifest.Name.HasValue)
        {
            var name = manifest.Name.Value;
            if (Reserved.Contains(name, StringComparer.Ordinal))
            {
                issues.Error(manifest.Name.Source!, "is a name that Mimir keeps for itself", "Give the plugin another name");
            }

            foreach (var confinement in IsUnconfined(name) ? [] : manifest.Confinements)
            {
                issues.Error(
                    confinement.Value,
                    "asks for a confinement, and Mimir confines nobody yet",
                    $"Remove it, or write \"unconfined\": [\"{name}\"] under plugins in mimir.json if it may run unconfined");
            }
        }

        var refs = manifest.CredentialRefs.Or([]).Where(r => r.Value.HasValue).Select(r => r.Value.Value).ToList();
        foreach (var need in manifest.Credentials)
        {
            if (CredentialNames.IsLiteral(need.Pattern) && CredentialNames.Fault(need.Pattern) is { } fault)
            {
                issues.Error(need.Source, $"the name of a secret {fault}", "Write another name");
            }
            else if (!refs.Any(pattern => pattern == need.Pattern || Glob.Matches(pattern, need.Pattern)))
            {
                issues.Error(need.Source, "is required, and no credential_refs lets the plugin have it", $"Write under [security]: credential_refs = [\"{need.Pattern}\"]");
            }
        }
    }

    private bool IsUnconfined(string name) => settings.Unconfined.Any(pattern => Glob.Matches(pattern, name));

    private ImmutableArray<PluginNeed> Missing(PluginManifest manifest)
    {
        var missing = ImmutableArray.CreateBuilder<PluginNeed>();
        foreach (var need in manifest.Hosts)
        {
            var there = book.Hosts.Count(h => h.Type == need.Type && (need.Tag is null || h.Tags.Contains(need.Tag, StringComparer.Ordinal)));
            if (there < need.Min)
            {
                missing.Add(new PluginNeed("hosts", $"type={need.Type}{(need.Tag is null ? "" : $",tag={need.Tag}")}", need.Min - there, need.Prompt));
            }
        }

        foreach (var need in manifest.Credentials)
        {
            if (!secrets.IsBlind && !secrets.Match(need.Pattern).Any(secrets.IsSet))
            {
                missing.Add(new PluginNeed("credential", need.Pattern, 1, need.Prompt));
            }
        }

        return missing.ToImmutable();
    }
}
