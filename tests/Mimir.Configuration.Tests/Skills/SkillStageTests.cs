using Mimir.Configuration.Sources;
using Mimir.Configuration.Tests.Support;
using Mimir.Router.Model.Skills;

namespace Mimir.Configuration.Tests.Skills;

/// <summary>Skills and agents in real folders: what is found, what is set aside, and that nothing harms its siblings.</summary>
public sealed class SkillStageTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Load_SkillsAndAgents_AreReadWithNameDescriptionBodyAndPath()
    {
        _workspace.Write("skills/Deploy It.md", "---\nname: Deploy It!\ndescription: >\n  How to\n  deploy.\nlicense: MIT\ntools: [a, b]\n---\n\n# Deploy\r\nGo.\n");
        _workspace.Write("skills/git/release/SKILL.md", "\uFEFF---\r\nname: release\r\ndescription: How to release.\r\n---\r\nRelease.");
        _workspace.Write("agents/reviewer.md", "---\nname: reviewer\ndescription: Reviews.\n---\n");

        var result = _workspace.Load();

        Assert.Equal(
            [
                new SkillModel(SkillKind.Skill, "deploy_it", "Deploy It!", "How to deploy.", "# Deploy\r\nGo.\n", "Deploy It.md"),
                new SkillModel(SkillKind.Skill, "release", "release", "How to release.", "Release.", "git/release/SKILL.md"),
                new SkillModel(SkillKind.Agent, "reviewer", "reviewer", "Reviews.", "", "reviewer.md"),
            ],
            Expect.Clean(result).Skills.All);
        Assert.True(result.NamesServers);
        Assert.Equal(["skill_deploy_it", "skill_release", "agent_reviewer"], Names(result));
    }

    [Fact]
    public void Load_NoFolders_ThereAreNoneAndNothingIsSaid()
    {
        _workspace.Write("mimir.json", "{}");
        Assert.Empty(Expect.Clean(_workspace.Load()).Skills.All);
    }

    [Fact]
    public void Load_OtherFoldersNamed_AreRelativeToTheConfigurationOrToTheHome()
    {
        Skill("docs/skills/a.md", "a");
        Skill("home/agents/b.md", "b");
        Skill("skills/not.md", "not");
        _workspace.Environment.HomeDirectory = Path.Combine(_workspace.Folder, "home");
        var file = _workspace.Write("mimir.json", """{ "skills": { "skills_dir": "./docs/skills", "agentsDir": "~/agents" } }""");

        Assert.Equal(["skill_a", "agent_b"], Names(_workspace.Load()));

        // A file alone has no folders but those it names.
        Assert.Equal(["skill_a", "agent_b"], Names(_workspace.Load(file)));
        _workspace.Write("mimir.json", "{}");
        Assert.Empty(Names(_workspace.Load(file)));
    }

    [Fact]
    public void Load_NamedFolderIsMissing_IsAWarningAtItsPlace()
    {
        _workspace.Write("mimir.json", """{ "skills": { "skillsDir": "gone" } }""");
        Expect.Warning(_workspace.Load(), "skills.skillsDir", "names a folder that is not there", "Make it");
    }

    [Theory]
    [InlineData("# Just text\n", 1, "has no front matter")]
    [InlineData("", 1, "has no front matter")]
    [InlineData("---\nname: a\ndescription: b\n", 1, "its front matter does not end")]
    [InlineData("---\nname: a\n---\n", 2, "has no description")]
    [InlineData("---\ndescription: b\n---\n", 2, "has no name")]
    [InlineData("---\nname: a\ndescription:\n---\n", 2, "has no description")]
    [InlineData("---\nname: a\ndescription: use it: always\n---\n", 3, "is not YAML")]
    [InlineData("---\nname: a\nname: b\ndescription: c\n---\n", 3, "stands twice")]
    [InlineData("---\nname: [a]\ndescription: c\n---\n", 2, "must be a text")]
    [InlineData("---\n\nname: '***'\ndescription: c\n---\n", 3, "holds no letter")]
    [InlineData("---\nname: x12345678901234567890123456789012345678901234567890123456789\ndescription: c\n---\n", 2, "is 60 characters long")]
    [InlineData("---\n- a\n---\n", 2, "holds no keys")]
    [InlineData("---\nname: a\ndescription: \" \"\n---\n", 3, "is empty")]
    public void Load_BadFile_IsSetAsideWithItsLineAndHarmsNoSibling(string text, int line, string message)
    {
        var bad = _workspace.Write("skills/bad.md", text);
        Skill("skills/good.md", "good");

        var result = _workspace.Load();

        Assert.Equal(["skill_good"], Names(result));
        Assert.NotNull(result.Model);
        Assert.Contains(result.Issues, i => i.File == bad && i.Line == line && i.Message.Contains(message, StringComparison.Ordinal));
        Assert.Contains(result.Issues, i => i.File == bad && i.Message.Contains("is set aside", StringComparison.Ordinal));
        Assert.All(result.Issues, i => Assert.NotEmpty(i.Remedy));
    }

    [Fact]
    public void Load_NoUtf8_IsSetAsideWithItsLine()
    {
        var bad = _workspace.Write("skills/bad.md", [.. "---\nname: a\n"u8, 0xFF, .. "\n---\n"u8]);
        Assert.Contains(_workspace.Load().Issues, i => i.File == bad && i.Line == 3 && i.Message.Contains("not UTF-8", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_NameTwice_FirstPathKeepsItAndTheOtherSaysWhere()
    {
        var first = Skill("skills/a.md", "Same name");
        var second = Skill("skills/b.md", "same-NAME");
        Skill("agents/c.md", "same_name");

        var result = _workspace.Load();

        Assert.Equal(["skill_same_name", "agent_same_name"], Names(result));
        Assert.Equal("a.md", result.Skills.Model.All[0].Path);
        Assert.Contains(result.Issues, i => i.File == second && i.Line == 2 && i.Message.Contains($"{first}:2:", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_HiddenModulesDeepAndOtherFiles_ArePassedOver()
    {
        foreach (var path in (string[])["node_modules/x.md", ".git/x.md", ".venv/x.md", ".hidden/x.md", ".x.md", "README.md", "x.txt", "1/2/3/4/5/6/deep.md"])
        {
            Skill("skills/" + path, "hidden");
        }

        Skill("skills/1/2/3/4/5/five.md", "five");

        // What belongs to a skill in a folder is no skill of its own.
        Skill("skills/whole/SKILL.md", "whole");
        _workspace.Write("skills/whole/reference.md", "# No front matter");
        Skill("skills/whole/more/part.md", "part");

        var result = _workspace.Load();
        Expect.Clean(result);
        Assert.Equal(["skill_five", "skill_whole"], Names(result));
    }

    [Fact]
    public void Load_Links_ThoseThatLeadOutAreNotFollowedAndSaid()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Links need rights there.");
        }

        var secret = Skill("outside/secret.md", "secret");
        Skill("skills/real/.shared.md", "shared");
        Directory.CreateSymbolicLink(Path.Combine(_workspace.Folder, "skills", "folder"), Path.Combine(_workspace.Folder, "outside"));
        File.CreateSymbolicLink(Path.Combine(_workspace.Folder, "skills", "file.md"), secret);
        File.CreateSymbolicLink(Path.Combine(_workspace.Folder, "skills", "up.md"), "../outside/secret.md");
        File.CreateSymbolicLink(Path.Combine(_workspace.Folder, "skills", "within.md"), "real/.shared.md");
        Directory.CreateSymbolicLink(Path.Combine(_workspace.Folder, "skills", "real", "circle"), Path.Combine(_workspace.Folder, "skills"));

        var result = _workspace.Load();

        Assert.Equal(["skill_shared"], Names(result));
        foreach (var link in (string[])["folder", "file.md", "up.md", "real/circle"])
        {
            Assert.Single(result.Issues, i => i.File == Path.Combine(_workspace.Folder, "skills", link) && i.Message.Contains("is not followed", StringComparison.Ordinal));
        }

        Assert.Equal(4, result.Issues.Length);

        // The folder itself may be a link: that is how many keep theirs.
        Directory.CreateSymbolicLink(Path.Combine(_workspace.Folder, "agents"), Path.Combine(_workspace.Folder, "outside"));
        Assert.Contains("agent_secret", Names(_workspace.Load()));
    }

    [Fact]
    public void Load_TooLargeOrTooMany_IsBoundedAndSaid()
    {
        _workspace.Write("skills/large.md", $"---\nname: large\ndescription: d\n---\n{new string('x', 256 << 10)}");
        for (var i = 0; i < 501; i++)
        {
            Skill($"agents/{i:000}.md", $"a{i}");
        }

        var result = _workspace.Load();

        Assert.Equal(500, result.Skills.Model.Count(SkillKind.Agent));
        Assert.Equal(0, result.Skills.Model.Count(SkillKind.Skill));
        Assert.Contains(result.Issues, i => i.Message.Contains("larger than 256 KiB", StringComparison.Ordinal));
        Assert.Contains(result.Issues, i => i.Message.Contains("holds 501 files, more than 500", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_PipeInTheFolder_IsSetAsideAndNotWaitedFor()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("There are no such files there.");
        }

        Skill("skills/good.md", "good");
        using var made = System.Diagnostics.Process.Start("mkfifo", [Path.Combine(_workspace.Folder, "skills", "pipe.md")]);
        made.WaitForExit();

        var result = _workspace.Load();

        Assert.Equal(["skill_good"], Names(result));
        Assert.Contains(result.Issues, i => i.Message.Contains("is no file", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_MutilatedFiles_AreReadOrSetAsideAndNeverMore()
    {
        var good = "---\nname: a good one\ndescription: \"What: it\\u0041 is\"\ntags: [a, {b: c}]\n---\n# Body\n"u8.ToArray();
        var random = new Random(5);
        var (read, aside) = (0, 0);
        for (var round = 0; round < 2000; round++)
        {
            var bytes = good.AsSpan(0, random.Next(2) == 0 ? good.Length : random.Next(good.Length)).ToArray();
            for (var i = 0; i < random.Next(1, 4) && bytes.Length > 0; i++)
            {
                bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : good[random.Next(good.Length)];
            }

            var issues = new Mimir.Configuration.Issues.IssueList();
            var file = _workspace.Write("skills/x.md", bytes);
            var isRead = Mimir.Configuration.Skills.SkillFile.Read(SkillKind.Skill, Path.Combine(_workspace.Folder, "skills"), file, issues) is not null;
            Assert.True(isRead || issues.HasErrors, Convert.ToHexString(bytes));
            (read, aside) = isRead ? (read + 1, aside) : (read, aside + 1);
        }

        Assert.True(read > 100 && aside > 500, $"{read} read, {aside} set aside");
    }

    [Theory]
    [InlineData("skills", "the name is that of Mimir's own skills")]
    [InlineData("skill", "the name is that of Mimir's own skills")]
    [InlineData("agent", "the name is that of Mimir's own skills")]
    public void Load_ServerWithAReservedName_IsRefusedOnceThereIsASkill(string name, string message)
    {
        _workspace.Write("mimir.json", $$"""{ "mcpServers": { "{{name}}": { "command": "x" } } }""");
        Expect.Clean(_workspace.Load());

        Skill("skills/a.md", "a");
        Expect.Error(_workspace.Load(), $"mcpServers.{name}", message, "Write another name");
    }

    [Fact]
    public void Load_ServerNamedMemory_IsRefusedWhileThereIsAMemory()
    {
        const string Server = "\"mcpServers\": { \"memory\": { \"command\": \"x\" } }";
        Expect.Clean(Workspace.LoadText($"{{ {Server} }}"));
        Expect.Error(Workspace.LoadText($"{{ {Server}, \"memory\": {{ \"backend\": \"file\" }} }}"), "mcpServers.memory", "Mimir's own memory", "noop");
        Expect.Error(
            Workspace.LoadText("""{ "mcpServers": { "a": { "command": "x", "prefix": "memory" } }, "memory": { "backend": "file" } }"""),
            "mcpServers.a.prefix", "the prefix is that of Mimir's own memory");
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("engram")]
    [InlineData("redis")]
    public void Load_UnknownBackendOfMemory_NamesThoseThatThereAre(string backend)
    {
        var issue = Expect.Error(Workspace.LoadText($$"""{ "memory": { "backend": "{{backend}}" } }"""), "memory.backend", $"\"{backend}\" is not");
        Assert.Contains("noop", issue.Message, StringComparison.Ordinal);
        Assert.Contains("file", issue.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OneTextCouldFillTheMemory_IsRefused() =>
        Expect.Error(Workspace.LoadText("""{ "memory": { "backend": "file", "maxBytes": "64KiB" } }"""), "memory.maxBytes", "one text could fill the memory", "an eighth");

    [Fact]
    public void Load_NamespaceNamesSkillsAndMemory_IsClean()
    {
        _workspace.Write("mimir.json", """{ "namespaces": { "n": { "servers": ["skills", "memory"], "permissions": { "memory": { "default": "deny", "allowedTools": ["memory_search"] } } } }, "memory": { "backend": "file" } }""");
        Expect.Clean(_workspace.Load());
        _workspace.Write("mimir.json", """{ "namespaces": { "n": { "servers": ["memory"] } } }""");
        Expect.Error(_workspace.Load(), "namespaces.n.servers[0]", "names no configured server");
    }

    [Fact]
    public void Plugin_NamedSkills_IsSetAside()
    {
        _workspace.Write("plugins/skills/plugin.toml", "[plugin]\nname = \"skills\"\nversion = \"1\"\n[runtime]\ncommand = \"x\"\n[security]\n");
        Assert.Contains(_workspace.Load().Issues, i => i.Message.Contains("keeps for itself", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Names(ConfigResult result) => result.Skills.Model.All.Select(s => s.ToolName);

    private string Skill(string path, string name) => _workspace.Write(path, $"---\nname: {name}\ndescription: What {Path.GetFileName(path)} is for.\n---\nBody of {name}.\n");
}
