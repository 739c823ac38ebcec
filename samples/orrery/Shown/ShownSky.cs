using Mimir.Embed.Scene;
using Mimir.Embed.Scene.Components;
using Mimir.Embed.Scene.Values;
using Orrery.Sky;

namespace Orrery.Shown;

/// <summary>The sky as agents see it: what is not here, they do not reach. Everything is asked and done on the thread of the loop.</summary>
internal sealed class ShownSky(SolarSystem sky, IFrameClock clock) : ISceneGraph, ISpatialAccess, IComponentAccess, IMaterialAccess
{
    private const string Color = "Color";
    private const string Brightness = "Brightness";

    private readonly ExposureList _exposure = new ExposureList()
        .Add<Orbit>(nameof(Orbit.DegreesPerSecond), nameof(Orbit.IsRunning))
        .Add<Label>(nameof(Label.Text), nameof(Label.IsShown), nameof(Label.Ink), nameof(Label.Offset))
        .Add<Look>(nameof(Look.Shape))
        .AddReadOnly<Look>(nameof(Look.Radius));

    public string Name => "Sky";

    public IReadOnlyList<ISceneNode> Roots => ShownBody.Of(sky.Roots);

    public ISpatialAccess? Spatial => this;

    public IComponentAccess? Components => this;

    public IMaterialAccess? Materials => this;

    public IFrameClock? Clock => clock;

    public ISceneNode? Find(string id) => ShownBody.Of(sky.All).FirstOrDefault(node => node.Id == id);

    ISpatial? ISpatialAccess.Of(ISceneNode node) => (ShownBody)node;

    IReadOnlyList<IComponent> IComponentAccess.Of(ISceneNode node)
    {
        var body = BodyOf(node);
        return ExposedComponent.Of(body.Orbit is { } orbit ? [orbit, body.Label, body.Look] : [body.Label, body.Look], _exposure);
    }

    public MaterialInfo? Describe(ISceneNode node)
    {
        var look = BodyOf(node).Look;
        return new MaterialInfo($"{node.Name} paint", "Flat",
        [
            new MaterialProperty(Color, MaterialPropertyKind.Color, look.Color),
            new MaterialProperty(Brightness, MaterialPropertyKind.Range, look.Brightness, 0, 1),
            new MaterialProperty("Outline", MaterialPropertyKind.Boolean, look.IsOutline),
        ]);
    }

    // Of each kind there is one property, and the tools ask for no other.
    public void SetColor(ISceneNode node, string property, Rgba value) => BodyOf(node).Look.Color = value;

    public void SetFloat(ISceneNode node, string property, float value) => BodyOf(node).Look.Brightness = value;

    public void SetBoolean(ISceneNode node, string property, bool value)
    {
        if (property == Brightness) BodyOf(node).Look.Brightness = value ? 1 : 0;
        else BodyOf(node).Look.IsOutline = value;
    }

    private static Body BodyOf(ISceneNode node) => ((ShownBody)node).Body;
}
