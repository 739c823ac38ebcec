using Mimir.Embed.Scene.InMemory;
using Mimir.Embed.Scene;
using Mimir.Embed.Scene.Values;

namespace Mimir.Embed.Tests.Scene;

/// <summary>The scene that is nothing but its nodes.</summary>
public sealed class InMemorySceneTests
{
    [Fact]
    public void Add_ManyAndDestroyed_IdsAreNeverGivenTwice()
    {
        var scene = new InMemoryScene();
        var ids = new HashSet<string>(StringComparer.Ordinal);

        for (var i = 0; i < 100; i++)
        {
            var node = scene.Add("same");
            Assert.True(ids.Add(node.Id));
            if (i % 2 == 0) Assert.True(node.Destroy());
        }

        Assert.Equal(50, scene.Count);
    }

    [Fact]
    public void Destroy_DeepTree_EndsAllOfItOnce()
    {
        var scene = new InMemoryScene();
        var root = scene.Add("n");
        var last = root;
        for (var i = 0; i < 100_000; i++) last = last.Add("n");

        Assert.True(root.Destroy());
        Assert.False(root.Destroy());

        Assert.Equal((0, false, 0), (scene.Count, last.IsAlive, scene.Roots.Count));
        Assert.Throws<ArgumentException>(() => last.Add("late"));
    }

    [Fact]
    public void MoveTo_ItselfItsChildOrAnotherScene_IsRefusedAndChangesNothing()
    {
        var scene = new InMemoryScene();
        var root = scene.Add("root");
        var child = root.Add("child");

        Assert.Throws<ArgumentException>(() => root.MoveTo(root));
        Assert.Throws<ArgumentException>(() => root.MoveTo(child));
        Assert.Throws<ArgumentException>(() => child.MoveTo(new InMemoryScene().Add("elsewhere")));

        Assert.Equal("root/child", child.Path);
        Assert.Same(root, Assert.Single(scene.Roots));
    }

    [Fact]
    public void With_ValueOfAnotherKind_IsRefused()
    {
        var material = new InMemoryMaterial("Skin").With("_Color", new Rgba(1, 0, 0));

        Assert.Throws<ArgumentException>(() => material.With(new MaterialProperty("_Color", MaterialPropertyKind.Color, 1f)));

        Assert.Equal(new Rgba(1, 0, 0), material["_Color"]);
    }
}
