using System.Collections.Immutable;
using Mimir.Configuration.Binding;
using Mimir.Configuration.Issues;
using Mimir.Configuration.Keys;
using Mimir.Configuration.Model;
using Mimir.Configuration.Sources;
using Mimir.Configuration.Tree;
using Mimir.Router.Model.Skills;

namespace Mimir.Configuration.Skills;

/// <summary>Reads the skills and agents. What is wrong with one of them sets it aside and harms nothing else.</summary>
internal static class SkillStage
{
    private const int MaxTotal = 16 << 20;

    /// <summary>Reads.</summary>
    /// <param name="root">The tree of the configuration's files.</param>
    /// <param name="files">The files.</param>
    /// <param name="home">Full path of the configuration where it is a folder, there or not; null for a file, beside which are no folders but those it names.</param>
    /// <param name="environment">Where variables and the home folder are looked up.</param>
    /// <param name="issues">Told what is wrong.</param>
    public static SkillsFound Read(ConfigNode root, ConfigFiles files, string? home, IEnvironment environment, IssueList issues)
    {
        var (skills, agents) = home is null ? (null, null) : (Path.Combine(home, ConfigFiles.SkillsName), Path.Combine(home, ConfigFiles.AgentsName));
        if (root.Find("skills")?.Value is { } settings)
        {
            var values = new ValueReader(issues, new Expander(environment, issues), mayLack: false);
            foreach (var (spec, node) in KnownMembers.Of(settings, SkillsKeys.Table, issues))
            {
                var named = Folder(values.Text(spec, node), files.Folder, environment, issues);
                (skills, agents) = spec.Name == "agentsDir" ? (skills, named ?? agents) : (named ?? skills, agents);
            }
        }

        var found = ImmutableArray.CreateBuilder<SkillModel>();
        var looked = ImmutableArray.CreateBuilder<string>();
        var all = ImmutableArray.CreateBuilder<string>();
        Read(SkillKind.Skill, skills, found, looked, all, issues);
        Read(SkillKind.Agent, agents, found, looked, all, issues);
        return looked.Count == 0 ? SkillsFound.None : new SkillsFound(found.Count == 0 ? SkillsModel.None : new SkillsModel { All = found.ToImmutable() }, looked.ToImmutable(), all.ToImmutable());
    }

    private static string? Folder(Setting<string> setting, string home, IEnvironment environment, IssueList issues)
    {
        if (!setting.HasValue)
        {
            return null;
        }

        var text = setting.Value;
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            issues.Error(setting.Source!, "holds a NUL", "Remove it");
            return null;
        }

        if ((text == "~" || text.StartsWith("~/", StringComparison.Ordinal)) && environment.HomeDirectory is { } user)
        {
            text = Path.Combine(user, text[1..].TrimStart('/'));
        }

        var folder = Path.GetFullPath(text, home);
        if (!Directory.Exists(folder))
        {
            issues.Warning(setting.Source!, "names a folder that is not there", "Make it, or name another one; it is looked at as soon as it is there");
        }

        return folder;
    }

    private static void Read(
        SkillKind kind,
        string? folder,
        ImmutableArray<SkillModel>.Builder found,
        ImmutableArray<string>.Builder looked,
        ImmutableArray<string>.Builder all,
        IssueList issues)
    {
        if (folder is null)
        {
            return;
        }

        looked.Add(folder);
        var files = SkillFolder.List(folder, issues);
        if (!files.IsEmpty)
        {
            all.AddRange(files);
            ReadAll(kind, folder, files, found, issues);
        }
    }

    private static void ReadAll(SkillKind kind, string folder, ImmutableArray<string> files, ImmutableArray<SkillModel>.Builder found, IssueList issues)
    {
        var names = new Dictionary<string, ConfigMark>(StringComparer.Ordinal);
        var total = 0L;
        foreach (var file in files)
        {
            var part = new IssueList();
            if (SkillFile.Read(kind, folder, file, part) is var (skill, at))
            {
                total += skill.Body.Length;
                if (total > MaxTotal)
                {
                    part.Error(file, $"would make the files of this folder longer than {MaxTotal >> 20} MiB together", "Shorten them, or move some away");
                }
                else if (!names.TryAdd(skill.Slug, at))
                {
                    part.Error(at, KeyPath.Top.Member("name"), $"is the name of another one, {skill.ToolName}, in {names[skill.Slug]}", "Give one of the two another name");
                }
            }
            else
            {
                skill = null;
            }

            issues.TakeAside(part);
            if (part.HasErrors)
            {
                issues.Warning(ConfigMark.Whole(file), KeyPath.Top, "is set aside, and clients are not given it", "Mend what is said of it");
            }
            else if (skill is not null)
            {
                found.Add(skill);
            }
        }
    }
}
