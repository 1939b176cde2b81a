(()=>{const items=[...document.querySelectorAll(".item")],off=new Set,find=document.querySelector("input");
const names=items.map(i=>i.querySelector(".name").textContent.toLowerCase());
const show=()=>{const q=find.value.trim().toLowerCase();items.forEach((i,n)=>{i.hidden=off.has(i.dataset.v)||q&&!names[n].includes(q)});
document.querySelectorAll("section").forEach(s=>{s.hidden=!s.querySelector(".item:not([hidden])")})};
document.querySelectorAll("nav button").forEach(b=>b.onclick=()=>{const v=b.dataset.v,on=off.delete(v);on||off.add(v);b.setAttribute("aria-pressed",on);show()});
find.oninput=show})();
