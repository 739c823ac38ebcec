using Mimir.Embed.Scene.InMemory;

namespace Mimir.Embed.Tests.Scene;

/// <summary>How nodes are named in calls.</summary>
public sealed class PathTests
{
    [Fact]
    public async Task Path_OfSeveralNodes_SaysSoAndOffersIds()
    {
        await using var stage = await Stage.OpenAsync();
        var one = stage.Scene.Add("Wood").Add("Tree");
        var other = stage.Scene.Add("Wood").Add("Tree");

        var message = await stage.RefusedAsync("transform_position_update", "path", "Wood/Tree", "position_x", 5);
        await stage.TextAsync("transform_position_update", "path", "#" + other.Id, "position_x", 5);

        Assert.Contains($"2 nodes have the path 'Wood/Tree'. Give the id of one as path: #{one.Id}, #{other.Id}.", message, StringComparison.Ordinal);
        Assert.Equal((0, 5), (one.Position.X, other.Position.X));
    }

    [Fact]
    public async Task Path_OfThousands_OffersOnlySome()
    {
        var scene = new InMemoryScene();
        for (var i = 0; i < 100_000; i++) scene.Add("Ant");
        await using var stage = await Stage.OpenAsync(scene);

        var message = await stage.RefusedAsync("transform_inspect", "path", "Ant");

        Assert.Contains("More than 10 nodes have the path 'Ant'", message, StringComparison.Ordinal);
        Assert.Contains("#10, and others.", message, StringComparison.Ordinal);
        Assert.DoesNotContain("#11", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Path_NamesThatHoldSlashes_AreReadEveryWayAndReachableById()
    {
        await using var stage = await Stage.OpenAsync();
        var slashed = stage.Scene.Add("a/b");
        slashed.Add("c/");

        Assert.Equal("a/b", (await stage.JsonAsync("transform_inspect", "path", "a/b")).GetProperty("path").GetString());
        Assert.Equal("a/b/c/", (await stage.JsonAsync("transform_inspect", "path", "a/b/c/")).GetProperty("path").GetString());
        var nested = stage.Scene.Add("a").Add("b");
        Assert.Contains($"#{slashed.Id}, #{nested.Id}", await stage.RefusedAsync("transform_inspect", "path", "a/b"), StringComparison.Ordinal);
        Assert.Equal("a/b", (await stage.JsonAsync("transform_inspect", "path", "#" + nested.Id)).GetProperty("path").GetString());
    }

    [Theory]
    [InlineData("", "path is empty")]
    [InlineData("Wood/Bush", "Transform 'Wood/Bush' was not found")]
    [InlineData("wood/Tree", "was not found")]
    [InlineData("/Wood/Tree", "was not found")]
    [InlineData("Wood/Tree/", "was not found")]
    [InlineData("Wood//Tree", "was not found")]
    [InlineData("Wood/../Wood/Tree", "was not found")]
    [InlineData("*", "was not found")]
    [InlineData("#", "no node with the id ''")]
    [InlineData("#99", "no node with the id '99'")]
    [InlineData("# 1", "no node with the id ' 1'")]
    public async Task Path_OfNothing_IsRefusedByEveryTool(string path, string words)
    {
        await using var stage = await Stage.OpenAsync();
        stage.Scene.Add("Wood").Add("Tree");

        Assert.Contains(words, await stage.RefusedAsync("transform_inspect", "path", path), StringComparison.Ordinal);
        Assert.Contains(words, await stage.RefusedAsync("transform_change", "path", path, "scale_x", 2), StringComparison.Ordinal);
        Assert.Contains(words, await stage.RefusedAsync("inspector_component_list", "path", path), StringComparison.Ordinal);
        Assert.Contains(words, await stage.RefusedAsync("inspector_property_inspect", "path", path, "component_type", "X"), StringComparison.Ordinal);
        Assert.Contains(words, await stage.RefusedAsync("inspector_property_set_float", "path", path, "component_type", "X", "property_name", "Y", "property_value", 1), StringComparison.Ordinal);
        Assert.Contains(words, await stage.RefusedAsync("mesh_material_inspect", "path", path), StringComparison.Ordinal);
        Assert.Contains(words, await stage.RefusedAsync("mesh_material_set_float", "path", path, "property_name", "Y", "property_value", 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Path_DeepOrEndless_IsFoundOrRefused()
    {
        var scene = new InMemoryScene();
        var at = scene.Add("n");
        for (var i = 1; i < 100_000; i++) at = at.Add("n");
        await using var stage = await Stage.OpenAsync(scene);

        var deep = string.Join('/', Enumerable.Repeat("n", 2000));
        Assert.Equal(deep, (await stage.JsonAsync("transform_inspect", "path", deep)).GetProperty("path").GetString());
        Assert.Contains("longer than 4096", await stage.RefusedAsync("transform_inspect", "path", string.Join('/', Enumerable.Repeat("n", 3000))), StringComparison.Ordinal);
        Assert.Equal(199_999, (await stage.JsonAsync("transform_inspect", "path", "#100000")).GetProperty("path").GetString()!.Length);
    }

    [Fact]
    public async Task Path_OfADestroyedOrMovedNode_FollowsTheScene()
    {
        await using var stage = await Stage.OpenAsync();
        var wood = stage.Scene.Add("Wood");
        var tree = wood.Add("Tree");

        tree.MoveTo(null);
        tree.Name = "Log";
        Assert.Equal("Log", (await stage.JsonAsync("transform_inspect", "path", "#" + tree.Id)).GetProperty("path").GetString());
        Assert.Contains("was not found", await stage.RefusedAsync("transform_inspect", "path", "Wood/Tree"), StringComparison.Ordinal);
        tree.Destroy();
        Assert.Contains("no node with the id", await stage.RefusedAsync("transform_inspect", "path", "#" + tree.Id), StringComparison.Ordinal);
        Assert.Contains("was not found", await stage.RefusedAsync("transform_inspect", "path", "Log"), StringComparison.Ordinal);
    }
}
