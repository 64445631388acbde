import { stemmer } from '@orama/stemmers/spanish'
import { firsts, lists, pairs, phrases, rewritings, whole, words } from './lexicon.ts'
import type { Lexicon } from './lexicon.ts'

export const spanish: Lexicon = {
  language: 'es',
  stem: stemmer,
  functionWords: new Set(
    words(`
      el la los las lo un una unos unas del de al a este esta estos estas ese esa esos esas eso esto yo me mi mis mí
      tú tu tus te usted ustedes él ella ellos ellas su sus se nos nosotros nuestro nuestra les le es son soy eres era eran
      ser fue fueron sido está están estoy estar hay ha han he haber hacer hace hago haces tiene tienen tengo tener puede
      puedo pueden puedes podría podrías podrían debe debo deben debería deberías y e o u pero que qué quién quiénes quien cómo
      como cuándo cuando dónde donde cuál cuáles cual cuánto cuánta cuántos cuántas por para con en si sí
      así también muy ya todo toda todos todas cada sobre hasta desde durante entre hacia según qué
    `),
  ),
  fillers: phrases(`
    me gustaría saber
    quisiera saber
    quiero saber
    necesito saber
    puedes decirme
    puede decirme
    podrías decirme
    podría decirme
    me puedes decir
    me puede decir
    me podrías decir
    puedes explicarme
    podrías explicarme
    sabes
    sabe usted
    cuál es la mejor manera
    cuál es la mejor forma
    cuál es la manera
    cuál es la forma
    de qué manera
    de qué forma
    qué debo hacer
    qué tengo que hacer
    es posible
    por favor
    gracias
    hola
    en general
    generalmente
    normalmente
    exactamente
    correctamente
    manera
    forma
    método
    pasos
    explica
    explícame
    explique
    explicar
    describe
    dime
    dígame
    di
    decir
    muéstrame
    muestra
    dame
    ayúdame
    ayuda
    saber
    significa
    significado
    quiere decir
    llama
    llamado
    funciona
    funcionan
    usar
    utilizar
    pregunta
    preparar
    prepara
    prepare
    cocinar
    realmente
    calcula
    calcular
    calcule
    convierte
    convertir
    simplemente
    quiero
    necesito
    desearía
    hacer
    hice
    va
    bien
    ciudad
    viaje
  `),
  rewritings: rewritings(`
    por qué razón > por-qué
    cuál es la razón > por-qué
    cuáles son las razones > por-qué
    a qué se debe > por-qué
    por qué motivo > por-qué
    por qué > por-qué
    en qué año > cuándo
    qué año > cuándo
    en qué fecha > cuándo
    qué día > cuándo
    a qué hora > cuándo
    en qué país > dónde
    en qué ciudad > dónde
    en qué lugar > dónde
    cuánto tiempo > cuánto-tiempo
    cuál es el precio > cuánto cuesta
    cuál es el costo > cuánto cuesta
    cuál es el número > cuántos
    cuál es la diferencia > diferencia
    cuáles son las diferencias > diferencia
    en qué se diferencian > diferencia
    en qué se diferencia > diferencia
    diferencias > diferencia
    una palabra > 1 palabra
    una frase > 1 frase
    una oración > 1 frase
    correo electrónico > email
    correo > email
    e-mail > email
    estados unidos > estadosunidos
    ee. uu. > estadosunidos
    ee.uu. > estadosunidos
    eeuu > estadosunidos
    usa > estadosunidos
    cómo se dice > traducir
    wi-fi > wifi
    hace falta > necesario
    por ciento > %
    cuánto mide > qué altura tiene
    clave primaria > primary key
    qué hacer contra > cómo tratar
    qué puedo hacer contra > cómo tratar
    qué es bueno para > cómo tratar
    cuál es el horario de apertura > cuándo abre
    cuál es el horario > cuándo abre
    iniciar sesión > entrar
    inicio sesión > entrar
    horas extras > horas-extra
    horas extra > horas-extra
    teléfono móvil > móvil
  `),
  negations: new Set(
    words('no nunca jamás sin ningún ninguna ninguno nadie nada ni excepto evitar'),
  ),
  opposites: pairs(`
    activar desactivar, habilitar deshabilitar, encender apagar, abrir cerrar, iniciar detener, iniciar cerrar, empezar terminar, comenzar terminar, inicio fin, principio final, comprar vender,
    aumentar disminuir, aumentar reducir, aumentar bajar, subir bajar, ganar perder, aceptar rechazar, permitir prohibir, bloquear desbloquear, añadir eliminar, agregar eliminar,
    agregar quitar, añadir quitar, crear eliminar, crear borrar, instalar desinstalar, conectar desconectar, mostrar ocultar, descargar subir, descargar cargar, importar exportar, enviar recibir,
    cifrar descifrar, alquilar comprar, prestar pedir, mínimo máximo, mínima máxima, pequeño grande, pequeña grande, corto largo, corta larga, cerca lejos, joven viejo, joven mayor, menor mayor, nuevo viejo, nuevo antiguo, nueva antigua, temprano tarde,
    primero último, primer último, primera última, antes después, anterior siguiente, rápido lento, rápida lenta, bueno malo, buena mala, mejor peor, mejores peores, alto bajo, alta baja, caliente frío, cálido frío, calurosa fría, calor frío, húmedo seco, barato caro, barata cara, económico caro,
    rico pobre, rica pobre, fácil difícil, claro oscuro, ligero pesado, fuerte débil, duro blando, grueso fino, grueso delgado, ancho estrecho, lleno vacío, público privado, interno externo, interior exterior,
    izquierda derecha, arriba abajo, encima debajo, norte sur, este oeste, positivo negativo, ventaja desventaja, ventajas desventajas, ventajas inconvenientes, legal ilegal, posible imposible, seguro peligroso, seguro inseguro,
    sano insano, saludable perjudicial, formal informal, activo pasivo, activa pasiva, singular plural, masculino femenino, hombre mujer, hombres mujeres, niño niña, padre madre, hijo hija, hermano hermana, hijo padre, hijos padres, empleado empleador,
    inquilino propietario, comprador vendedor, ascendente descendente, más menos, con sin, siempre nunca, todos ninguno, día noche, verano invierno, mañana noche, amanecer atardecer, llegar salir, llegada salida, entrar salir,
    depositar retirar, congelar descongelar, derretir congelar, ahorrar gastar, amar odiar, nacer morir, nació murió, nacimiento muerte, vivir morir, verdadero falso, bruto neto, inhalar exhalar, causar curar, causar tratar, dulce salado, crudo cocido, incluir excluir, minimizar maximizar
  `),
  synonyms: lists(`
    reparar arreglar solucionar resolver corregir
    crear redactar escribir hacer elaborar construir
    eliminar borrar quitar suprimir
    cambiar modificar editar
    restablecer recuperar
    comprar adquirir
    empezar comenzar iniciar
    terminar acabar finalizar
    rápido rápidamente rápida
    simple sencillo fácil fácilmente sencilla
    mejor mejores ideal recomendado
    importante esencial
    encontrar buscar hallar
    elegir escoger seleccionar
    verificar comprobar revisar
    limpiar lavar
    cocinar cocer preparar
    niño niños hijo
    médico doctor
    coche auto carro automóvil
    película
    imagen foto fotografía
    trabajo empleo
    dinero
    costar cuesta precio costo coste vale
    tienda comercio
    enfermedad
    síntomas señales signos
    medicamento medicina remedio
    autor escritor escribió escrito
    inventor inventó inventado
    descubridor descubrió descubierto
    fundador fundó fundado
    pintor pintó pintado
    población habitantes viven
    error problema fallo
    cancelar anular
    paquete envío pedido entrega
    enviar mandar
    devolver devolución
    reembolso reembolsar
    cuenta
    contraseña clave
    ejemplo
    resumir resumen resume
    traducir traduce traducción
    convertir conversión convierte pasar
    calcular calcula cálculo
    ordenar clasificar
    invertir revertir
    duración durar dura cuánto-tiempo tarda tardar
    peso pesar pesa
    edad años
    distancia lejos
    mancha manchas
    vacaciones viaje
    avión
    viajar ir
    prevenir evitar
    aliviar calmar
    necesitar necesario necesita necesito
    permitido
    impuesto impuestos
    salario sueldo
    piso apartamento departamento
    factura recibo
    móvil celular teléfono
    ordenador computadora computador
    aplicación app
    sitio web página
    carpeta directorio
    carta
    solicitar pedir pida solicito
    nevera frigorífico refrigerador
    guardar conservar aguanta aguantar
    desactivar quitar
    dormir sueño duerme
    pintor pintó autor
    cuadro pintura
    convenir conviene mejor
    redactar propón proponer
    obtener recibir conseguir
    cerrar clausurar
    comer consumir
    famoso conocido
    prohibido vedado
    regalo obsequio
    objetivo meta
    difícil complicado
    dañar perjudicar malo dañino
    limitar restringir
    plato comida
    normal habitual
    dolor duele doler
    proteger asegurar
    tranquilo silencioso
    alquilar rentar arrendar
    delgado flaco
    historia relato cuento
    raro extraño
    tema asunto
    sugerir recomendar proponer recomienda sugiere aconsejar
    cambiar sustituir reemplazar
    entero completo
    incorrecto falso
    empresa compañía
    empleado trabajador
    currículum cv
    descuento rebaja
    pantalla monitor
    olor oler
    embarazada embarazo
    alergia alérgico
    crédito préstamo
    invertir inversión
    acción acciones
    contrato acuerdo
    multa sanción
    roto averiado estropeado
    congelar congelador
    archivo fichero documento
    guardar salvar
    bicicleta bici
    televisión televisor tele
    basura residuos
    palabra término
    abrir apertura abre
    papa patata papas patatas
    zumo jugo
    gafas lentes
    conducir manejar
    boleto billete entrada
    minuto minutos
  `),
  numbers: {
    cero: 0,
    dos: 2,
    tres: 3,
    cuatro: 4,
    cinco: 5,
    seis: 6,
    siete: 7,
    ocho: 8,
    nueve: 9,
    diez: 10,
    once: 11,
    doce: 12,
    trece: 13,
    catorce: 14,
    quince: 15,
    veinte: 20,
    treinta: 30,
    cuarenta: 40,
    cincuenta: 50,
    sesenta: 60,
    setenta: 70,
    ochenta: 80,
    noventa: 90,
    cien: 100,
    ciento: 100,
    mil: 1_000,
    millón: 1_000_000,
    millones: 1_000_000,
    docena: 12,
    media: 0.5,
    medio: 0.5,
  },
  kinds: [
    [whole('cuánto-tiempo'), 'how long'],
    [whole('cuánt[oa]s?'), 'how many'],
    [whole('qué edad'), 'how old'],
    [whole('qué (distancia|tan lejos)'), 'how far'],
    [whole('qué (altura|tamaño)'), 'how big'],
    [whole('con qué frecuencia|cada cuánto'), 'how often'],
    [whole('quién(es)?'), 'who'],
    [whole('cuándo'), 'when'],
    [whole('dónde'), 'where'],
    [whole('por-qué'), 'why'],
    [whole('cómo'), 'how'],
    [whole('qué|cuál(es)?'), 'what'],
  ],
  askedFor: {
    who: new Set(
      words(
        'autor autora escritor inventor fundador pintor compositor director presidente persona nombre',
      ),
    ),
    when: new Set(words('hora fecha año día mes momento época')),
    where: new Set(words('lugar sitio ciudad país dirección')),
    'how many': new Set(
      words(
        'número cantidad duración distancia longitud altura peso tamaño precio costo población edad temperatura tiempo suma calorías contenido volumen valor resultado',
      ),
    ),
  },
  appositions: new Set(
    words(
      'palabra término expresión frase oración comando error mensaje código función método novela libro película canción poema título texto línea cuadro obra',
    ),
  ),
  telling: new Set(words('antes después menos hasta solo sólo solamente')),
  roles: firsts('a al en hacia hasta, desde de del, contra, sobre'),
  symmetric: new Set(words('y e o u versus vs entre diferencia comparar comparación')),
}
